import { STATUS_CODES } from 'node:http';
import { messageOf } from '@app/core';
import type { HttpResponse, Outbound } from '@app/outbound';
import { DeliveryError } from './delivery-error';
import type { Redact } from './redact';
import { truncate } from './text';

export interface NotifierRequest {
  method: 'POST' | 'PUT' | 'GET';
  /** Values in any script, on one line. */
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Begins the error text when there is no answer, as in `failed to send NTFY request: …`. */
  failure: string;
}

export interface NotifierResponse {
  status: number;
  /** As sent; the usual phrase of the status when there was none. */
  statusText: string;
  /** At most 64 KiB of it, without our secrets. */
  body: string;
  /** The provider's wish (`Retry-After`), when it had one. */
  retryAfterSeconds?: number;
}

/** HTTP for notifiers: deadline, target policy, redirects and redaction are already taken care of. */
export interface NotifierHttp {
  /** Any answer is returned, also a 500. @throws DeliveryError (retryable) when there is none. */
  send(url: URL | string, request: NotifierRequest): Promise<NotifierResponse>;
}

export interface NotifierHttpOptions {
  /** Ends every request; also carries the deadline of the delivery. */
  signal: AbortSignal;
  redact: Redact;
}

const MAX_REDIRECTS = 10;
const MAX_BODY_BYTES = 64 * 1024;
/** Characters of an answer that an error quotes. */
const MAX_QUOTE = 1000;

export function createNotifierHttp(outbound: Outbound, { signal, redact }: NotifierHttpOptions): NotifierHttp {
  return {
    async send(url, { failure, ...request }) {
      const target = targetOf(url, failure);
      const limits = { maxRedirects: MAX_REDIRECTS, maxBodyBytes: MAX_BODY_BYTES, signal };
      try {
        return received(await outbound.http({ ...request, ...limits, url: target }), redact);
      } catch (error) {
        throw noAnswer(failure, error, signal);
      }
    },
  };
}

/** @throws DeliveryError unless the status is 2xx; `explain` words it, with the answer cut to a quotable length. */
export function ensureOk(response: NotifierResponse, explain: (response: NotifierResponse) => string): void {
  const { status, retryAfterSeconds } = response;
  if (status >= 200 && status < 300) return;
  const quotable = { ...response, body: truncate(response.body, MAX_QUOTE) };
  throw new DeliveryError(explain(quotable), { retryable: status === 429 || status >= 500, retryAfterSeconds });
}

/**
 * What to say when a connection brought no answer. No `cause`: the library's error may quote the URL.
 * An abort is told by the signal, because every library words it differently.
 */
export function noAnswer(failure: string, error: unknown, signal: AbortSignal): DeliveryError {
  const reason = signal.aborted ? abortText(signal) : messageOf(error);
  return new DeliveryError(failure ? `${failure}: ${reason}` : reason, { retryable: true });
}

function abortText(signal: AbortSignal): string {
  return (signal.reason as Error | undefined)?.name === 'TimeoutError' ? 'no answer in time' : 'cancelled';
}

function targetOf(url: URL | string, failure: string): URL {
  const target = URL.canParse(String(url)) ? new URL(url) : null;
  if (!target) throw new DeliveryError(`${failure}: the URL is not valid`);
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw new DeliveryError(`${failure}: only http and https URLs are supported`);
  }
  return target;
}

/** RFC 7617. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function received(response: HttpResponse, redact: Redact): NotifierResponse {
  return {
    status: response.status,
    statusText: redact(response.statusText) || (STATUS_CODES[response.status] ?? ''),
    body: redact(response.body.toString('utf8')),
    retryAfterSeconds: secondsUntil(response.headers['retry-after']),
  };
}

/** `Retry-After` (RFC 9110 10.2.3): seconds, or an HTTP date. */
function secondsUntil(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}
