import { ApiErrorDto, RETRY_AFTER } from '@app/platform';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { TooManyAttemptsDto } from './auth.dto';

/** Documents the refusal after too many wrong passwords or codes. Stands above `@Endpoint`, which knows the other one. */
export function ApiTooManyAttempts(): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(TooManyAttemptsDto),
    ApiResponse({
      status: 429,
      description: 'Too many failed attempts, or requests at all; `Retry-After` says when to try again',
      headers: RETRY_AFTER,
      content: {
        'application/json': {
          schema: { oneOf: [TooManyAttemptsDto, ApiErrorDto].map((dto) => ({ $ref: getSchemaPath(dto) })) },
          examples: {
            example1: { value: { message: 'too many attempts, try later', retry_after: 41, success: false } },
            example2: { value: { message: 'Too many requests, try later', data: null } },
          },
        },
      },
    }),
  );
}
