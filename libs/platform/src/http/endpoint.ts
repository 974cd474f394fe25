import { HttpCode, SetMetadata, applyDecorators } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiSecurity } from '@nestjs/swagger';
import { envelopeOf } from '../openapi/envelope';
import { errorResponse } from '../openapi/errors';
import type { Role } from './principal';

export const ACCESS = 'peekaping:access';

export interface Access {
  allow: Role | 'everyone';
  /** Only a signed-in person, no API key. */
  sessionOnly: boolean;
}

export interface EndpointOptions {
  summary: string;
  description?: string;
  /** The least role that may; `everyone` needs no credentials. */
  allow: Role | 'everyone';
  sessionOnly?: boolean;
  /** Status of the success; default 200. */
  status?: number;
  /** `data` of the success: a DTO, a list of one, null, or `raw` for an answer without the envelope. */
  reply: Type | [Type] | null | { raw: Type };
  message?: string;
  /** Refusals with the contract's messages, besides 401, 403 and 500, which follow from `allow`. */
  errors?: Partial<Record<number, string | readonly string[]>>;
}

/** Everything about a route but its path: who may, what it answers, and how it is documented. */
export function Endpoint(options: EndpointOptions): MethodDecorator {
  const { summary, description, allow, sessionOnly = false, status = 200, reply, message = 'success' } = options;
  const access: Access = { allow, sessionOnly };
  const guarded = allow !== 'everyone';
  const errors = {
    ...options.errors,
    ...(guarded && { 401: options.errors?.[401] ?? 'Invalid or expired token', 403: 'Insufficient permissions' }),
    500: 'Internal server error',
  };
  const type = reply !== null && 'raw' in reply ? reply.raw : envelopeOf(reply, message);
  return applyDecorators(
    SetMetadata(ACCESS, access),
    HttpCode(status),
    ApiOperation({ summary, description, 'x-role': allow } as Parameters<typeof ApiOperation>[0]),
    ApiResponse({ status, description: message, type }),
    ...Object.entries(errors).map(([code, text]) => errorResponse(Number(code), text)),
    ...(guarded ? [ApiSecurity('JwtAuth')] : []),
  );
}
