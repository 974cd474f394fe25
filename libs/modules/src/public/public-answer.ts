import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** An answer that is the same for all who ask, ready to be sent. */
export interface PublicAnswer {
  /** Encoded once, however many ask. */
  body: Buffer;
  /** RFC 9110 8.8.3, with its quotation marks. */
  etag: string;
}

export function publicAnswer(text: string): PublicAnswer {
  const body = Buffer.from(text);
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

interface Sending {
  type: string;
  cacheControl: string;
  headers?: Record<string, string>;
}

/** Sends it, or 304 to those who have it. */
export function sendPublic(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, etag }: PublicAnswer,
  { type, cacheControl, headers }: Sending,
): void {
  void reply.header('cache-control', cacheControl).header('etag', etag);
  if (headers) void reply.headers(headers);
  if (hasIt(request.headers['if-none-match'], etag)) void reply.status(304).send();
  else void reply.status(200).header('content-type', type).send(body);
}

/** RFC 9110 13.1.2; a gateway that compresses makes the tag a weak one. */
function hasIt(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header === etag || header === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
