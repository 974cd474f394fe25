import type { SecureContext } from 'node:tls';
import type { CertificateDocument } from '@app/core';
import { decodeBody } from './body';
import { Connection } from './connection';
import type { Dialer } from './dial';
import type { Answer, ReadOptions } from './exchange';
import { describeFailure } from './failures';
import { hasHeader, maskedUrl, prepareHeaders } from './headers';
import { nextHop, redirectLocation } from './redirect';
import type { Hop } from './redirect';
import { HttpError, OutboundError } from './types';
import type { HttpRequest, HttpResponse, TlsSettings } from './types';

export interface HttpSettings {
  dialer: Dialer;
  defaultContext: SecureContext;
  userAgent: string;
}

const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;
const NO_TLS_SETTINGS: TlsSettings = {};
/** NTLM takes two. */
const MAX_CHALLENGES = 3;

/** How far a request has come: what a failure has to tell. */
interface Progress {
  startedAt: number;
  phase: 'request' | 'body';
  /** The URL of the hop, or the `Location` that was not followed. */
  at: URL | string;
  connection?: Connection;
  /** Of the newest hop that was encrypted. */
  certificate?: CertificateDocument;
  latencyMs?: number;
}

/** Runs a request and its redirects, each hop on a connection of its own. @throws HttpError, InternalFault */
export async function sendHttp(request: HttpRequest, settings: HttpSettings): Promise<HttpResponse> {
  const progress: Progress = { startedAt: performance.now(), phase: 'request', at: request.url };
  try {
    return await follow(request, settings, progress);
  } catch (cause) {
    const { phase, at, connection, startedAt } = progress;
    const refused = cause instanceof OutboundError ? cause.certificate : undefined;
    throw new HttpError(describeFailure(cause, { signal: request.signal, path: connection?.path }), {
      ...{ cause, phase, at: typeof at === 'string' ? at : maskedUrl(at) },
      certificate: refused ?? connection?.certificate ?? progress.certificate,
      latencyMs: progress.latencyMs ?? performance.now() - startedAt,
    });
  }
}

async function follow(request: HttpRequest, settings: HttpSettings, progress: Progress): Promise<HttpResponse> {
  const { maxRedirects = 0, signal, tls = NO_TLS_SETTINGS, proxy } = request;
  const { dialer, defaultContext } = settings;
  const first = firstHop(request, settings.userAgent);
  let hop = first;
  for (let redirects = 0; ; redirects++) {
    progress.at = hop.url;
    requireHttp(hop.url);
    const connection = new Connection(hop.url, { dialer, defaultContext, tls, proxy, signal });
    progress.connection = connection;
    try {
      const answer = await ask(connection, hop, first, request);
      progress.certificate = connection.certificate ?? progress.certificate;

      const location = maxRedirects > 0 ? redirectLocation(answer.status, answer.headers) : null;
      if (location === null) return await toResponse(answer, redirects, request, progress);
      progress.at = location;
      if (redirects === maxRedirects) throw tooManyRedirects(maxRedirects);
      if (!URL.canParse(location, hop.url.href)) throw new OutboundError('failed to parse Location header');
      hop = nextHop(hop, answer.status, location, first);
    } finally {
      connection.destroy();
    }
  }
}

function firstHop({ url, method = 'GET', headers = {}, body }: HttpRequest, userAgent: string): Hop {
  const defaults: Record<string, string> = { 'user-agent': userAgent, accept: '*/*' };
  if (method !== 'HEAD') defaults['accept-encoding'] = 'gzip';
  const { upgrade, ...given } = prepareHeaders(headers);
  return { url, method, headers: { ...defaults, ...given }, body, upgrade };
}

function requireHttp({ protocol }: URL): void {
  if (protocol === 'http:' || protocol === 'https:') return;
  throw new OutboundError(`unsupported protocol scheme "${protocol.slice(0, -1)}"`);
}

function tooManyRedirects(allowed: number): OutboundError {
  return new OutboundError(`too many redirects: followed ${allowed + 1} redirects, maximum allowed is ${allowed}`);
}

/** One hop; a challenge is answered only to the host that the caller meant, and on the connection that posed it. */
async function ask(connection: Connection, hop: Hop, first: Hop, request: HttpRequest): Promise<Answer> {
  const read: ReadOptions = {
    maxBodyBytes: request.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    wantsBody: request.wantsBody ?? (() => true),
  };
  let answer = await connection.send(hop, read);
  if (hop.url.hostname !== first.url.hostname) return answer;
  for (let i = 0; i < MAX_CHALLENGES && answer.status === 401; i++) {
    const authorization = request.answerChallenge?.(answer.headers['www-authenticate'] ?? '') ?? null;
    if (authorization === null) break;
    answer = await connection.send({ ...hop, headers: { ...hop.headers, authorization } }, read);
  }
  return answer;
}

async function toResponse(
  { status, statusText, headers, receivedAt, body }: Answer,
  redirects: number,
  request: HttpRequest,
  progress: Progress,
): Promise<HttpResponse> {
  const { certificate } = progress;
  const latencyMs = receivedAt - progress.startedAt;
  progress.phase = 'body';
  progress.latencyMs = latencyMs;
  const bytes = await readBody(headers['content-encoding'], body, request);
  const response: HttpResponse = { status, statusText, headers, body: bytes, latencyMs, redirects };
  if (certificate) response.certificate = certificate;
  return response;
}

async function readBody(encoding: string | undefined, body: Answer['body'], request: HttpRequest): Promise<Buffer> {
  const raw = await body;
  if (!encoding || hasHeader(request.headers, 'accept-encoding')) return raw.bytes;
  return decodeBody(raw, encoding, request.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES).catch((cause: unknown) => {
    throw new OutboundError('unexpected EOF', { cause });
  });
}
