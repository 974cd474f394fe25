import { AppError, messageOf } from '@app/core';
import type { ErrorCode } from '@app/core';
import { Catch, HttpException, Logger } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

const STATUS: Record<ErrorCode, number> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unprocessable: 422,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
};

/** Tells a client when to come back although nobody said so. */
const RETRY_AFTER_UNAVAILABLE = 5;

interface Answer {
  status: number;
  body: unknown;
  retryAfterSeconds?: number;
}

/** The one place where errors become answers. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const response = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const answer = answerTo(error);
    if (answer.status >= 500) {
      this.logger.error({
        err: error,
        requestId: request.id,
        method: request.method,
        route: request.routeOptions?.url,
      });
    }
    if (response.sent) return;
    if (answer.retryAfterSeconds !== undefined) void response.header('retry-after', answer.retryAfterSeconds);
    void response.status(answer.status).header('content-type', 'application/json; charset=utf-8').send(answer.body);
  }
}

export function answerTo(error: unknown): Answer {
  if (error instanceof AppError) {
    const status = STATUS[error.code];
    const message = error.code === 'internal' ? 'Internal server error' : error.message;
    const retryAfterSeconds =
      error.retryAfterSeconds ?? (error.code === 'unavailable' ? RETRY_AFTER_UNAVAILABLE : undefined);
    return { status, body: error.body ?? envelope(message), retryAfterSeconds };
  }
  const status = error instanceof HttpException ? error.getStatus() : statusOfFastify(error);
  switch (status) {
    case 404:
    case 405:
      return { status: 404, body: envelope('Not found') };
    case 413:
      return { status, body: envelope('The request body is larger than 1 MiB') };
    case 500:
      return { status, body: envelope('Internal server error') };
    default:
      return { status, body: envelope(messageOf(error)) };
  }
}

/** Fastify refuses some requests itself: bad URLs and lengths, bodies that are too large. */
function statusOfFastify(error: unknown): number {
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  if (code === 'FST_ERR_BAD_URL') return 404;
  return typeof code === 'string' && code.startsWith('FST_') && typeof statusCode === 'number' ? statusCode : 500;
}

function envelope(message: string) {
  return { message, data: null };
}
