import { ApiResponse } from '@nestjs/swagger';
import { TooManyAttemptsDto } from './auth.dto';

/** Documents the refusal after too many wrong passwords or codes. */
export function ApiTooManyAttempts(): MethodDecorator {
  return ApiResponse({
    status: 429,
    description: 'Too many failed attempts; `Retry-After` says when to try again',
    headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } },
    type: TooManyAttemptsDto,
  });
}
