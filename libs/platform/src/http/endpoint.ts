import { HttpCode, SetMetadata, applyDecorators } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOperation, ApiResponse, ApiSecurity } from '@nestjs/swagger';
import { envelopeOf } from '../openapi/envelope';
import { errorResponse } from '../openapi/errors';
import type { Role } from './principal';

export const ACCESS = 'peekaping:access';

export interface Access {
  allow: Role | 'everyone';
  /** Only a signed-in person, no API key. */
  sessionOnly: boolean;
  rate: Rate;
  /** Open to everyone, but the answer tells who it was (`data.user`): for the audit. */
  signsIn: boolean;
}

/**
 * How many requests are taken in a time: of each principal, or of each address where nobody has to say who it is.
 * `auth` is the strict one of accounts and passwords.
 */
export type Rate = 'default' | 'auth' | 'unlimited';

export interface EndpointOptions {
  summary: string;
  description?: string;
  /** The least role that may; `everyone` needs no credentials. */
  allow: Role | 'everyone';
  sessionOnly?: boolean;
  rate?: Rate;
  signsIn?: boolean;
  /** Status of the success; default 200. */
  status?: number;
  /**
   * `data` of the success: a DTO, a list of one, null, or one of several DTOs; `raw` is an answer without the envelope,
   * `nothing` one without a body.
   */
  reply: Type | [Type] | null | { oneOf: Type[] } | { raw: Type } | 'nothing';
  message?: string;
  /** Refusals with the contract's messages, besides 401, 403, 429 and 500, which follow from the rest. */
  errors?: Partial<Record<number, string | readonly string[]>>;
}

/** The usual refusals, by what a route takes. */
const UNAUTHORIZED = {
  session: ['Authorization header is required', 'Invalid or expired token'],
  either: [
    'Authentication required: provide either X-API-Key header or Authorization header',
    'Invalid or expired token',
    'Invalid or expired API key',
  ],
};

/** Everything about a route but its path: who may, what it answers, and how it is documented. */
export function Endpoint(options: EndpointOptions): MethodDecorator {
  const { summary, description, allow, sessionOnly = false, status = 200, reply, message = 'success' } = options;
  const { rate = 'default', signsIn = false } = options;
  const access: Access = { allow, sessionOnly, rate, signsIn };
  const guarded = allow !== 'everyone';
  const errors = {
    ...options.errors,
    ...(guarded && { 401: options.errors?.[401] ?? UNAUTHORIZED[sessionOnly ? 'session' : 'either'] }),
    ...(guarded && { 403: 'Insufficient permissions' }),
    ...(rate !== 'unlimited' && { 429: 'Too many requests, try later' }),
    500: 'Internal server error',
  };
  const type = contentOf(reply, message);
  return applyDecorators(
    SetMetadata(ACCESS, access),
    RouteConfig({ access }),
    HttpCode(status),
    ApiOperation({ summary, description, 'x-role': allow } as Parameters<typeof ApiOperation>[0]),
    ApiResponse({ status, description: message, type }),
    ...Object.entries(errors).map(([code, text]) => errorResponse(Number(code), text)),
    ...(guarded ? [ApiSecurity('JwtAuth')] : []),
    ...(guarded && !sessionOnly ? [ApiSecurity('ApiKeyAuth')] : []),
  );
}

function contentOf(reply: EndpointOptions['reply'], message: string): Type | undefined {
  if (reply === 'nothing') return undefined;
  return reply !== null && 'raw' in reply ? reply.raw : envelopeOf(reply, message);
}
