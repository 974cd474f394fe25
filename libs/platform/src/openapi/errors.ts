import { ApiProperty, ApiResponse, ApiSchema, getSchemaPath, ApiExtraModels } from '@nestjs/swagger';
import { applyDecorators } from '@nestjs/common';

/** Every refusal and failure. */
@ApiSchema({ name: 'utils.APIError' })
export class ApiErrorDto {
  @ApiProperty({ description: 'What went wrong, for people', example: 'Not found' })
  message!: string;

  @ApiProperty({ type: Object, nullable: true, example: null })
  data!: null;
}

const DESCRIPTIONS: Record<number, string> = {
  400: 'The input is refused',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  413: 'The body is larger than 1 MiB',
  422: 'Refused by the provider',
  429: 'Too many requests; `Retry-After` says when to try again',
  500: 'A fault of the server',
  503: 'Something that the server needs is away',
};

export const RETRY_AFTER = { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } } as const;

/** Documents an error status, with one example per message. */
export function errorResponse(status: number, messages: string | readonly string[]) {
  const texts = typeof messages === 'string' ? [messages] : messages;
  const examples = Object.fromEntries(
    texts.map((message, i) => [texts.length === 1 ? 'example' : `example${i + 1}`, { value: { message, data: null } }]),
  );
  return applyDecorators(
    ApiExtraModels(ApiErrorDto),
    ApiResponse({
      status,
      description: DESCRIPTIONS[status] ?? 'Error',
      ...(status === 429 && { headers: RETRY_AFTER }),
      content: { 'application/json': { schema: { $ref: getSchemaPath(ApiErrorDto) }, examples } },
    }),
  );
}
