import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { CertificateDocument, ProxySettings } from '@app/core';

/** Which addresses checks and notifications may reach. See `TARGET_POLICY` in `docs/configuration.md`. */
export interface TargetPolicy {
  /** @returns false when this IPv4 or IPv6 literal must not be connected to. */
  allows(address: string): boolean;
}

export interface TlsSettings {
  /** Skips verification; the certificate is captured all the same, with `valid: false`. */
  insecure?: boolean;
  /** Client certificate and CA, made once per (ca, cert, key) and shared: see `secureContext`. */
  secureContext?: SecureContext;
}

export interface HttpRequest {
  url: URL;
  method?: string;
  /** Sent as given; a name given here replaces the default of that name, in any case. */
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  tls?: TlsSettings;
  /** Every hop goes through it. */
  proxy?: ProxySettings;
  /** How many redirects are followed (each hop under the target policy). 0 = none: the 3xx itself is the response. */
  maxRedirects?: number;
  /** More than this of the body is not read; the rest of the response is discarded. Default 1 MiB. */
  maxBodyBytes?: number;
  /** Whether the body of a final response with this status is worth reading. Default: always. */
  wantsBody?: (status: number) => boolean;
  /**
   * Asked at a 401 of the host in `url`, with its `WWW-Authenticate`: the `Authorization` to repeat the request with
   * on the same connection, or null to take the 401 as the response.
   */
  answerChallenge?: (challenge: string) => string | null;
  signal: AbortSignal;
}

export interface HttpResponse {
  status: number;
  /** Reason phrase, as sent; "" when there was none. */
  statusText: string;
  /** Names in lower case; repeated ones joined with ", ". */
  headers: Record<string, string>;
  /** Decoded, unless the caller asked for an encoding of its own. */
  body: Buffer;
  /** From just before sending to the headers of the final response, redirects included. */
  latencyMs: number;
  certificate?: CertificateDocument;
  /** Redirects that were followed. */
  redirects: number;
}

/** The one way out: every connection of a check or a notification goes through it. */
export abstract class Outbound {
  /**
   * One request on a connection of its own.
   * @throws HttpError with a text for the user, never quoting credentials. @throws InternalFault
   */
  abstract http(request: HttpRequest): Promise<HttpResponse>;

  /** A connected TCP socket; the caller destroys it. @throws OutboundError, InternalFault */
  abstract connect(target: { host: string; port: number; signal: AbortSignal }): Promise<Socket>;

  /** Addresses of a host that the policy allows, in the resolver's order. @throws OutboundError, InternalFault */
  abstract resolve(host: string, signal: AbortSignal): Promise<string[]>;
}

interface OutboundErrorOptions extends ErrorOptions {
  certificate?: CertificateDocument;
  latencyMs?: number;
}

/** A connection that could not be made or broke; `message` is for the user, `latencyMs` as in HttpResponse. */
export class OutboundError extends Error {
  readonly certificate?: CertificateDocument;
  readonly latencyMs?: number;

  constructor(message: string, options: OutboundErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'OutboundError';
    this.certificate = options.certificate;
    this.latencyMs = options.latencyMs;
  }
}

/** A request without a usable response. */
export class HttpError extends OutboundError {
  /** `body`: there was a response, and its body broke off. */
  readonly phase: 'request' | 'body';
  /** Where it happened: the URL of the hop with its password masked, or the `Location` that was not followed. */
  readonly at: string;

  constructor(message: string, options: OutboundErrorOptions & Pick<HttpError, 'phase' | 'at'>) {
    super(message, options);
    this.name = 'HttpError';
    this.phase = options.phase;
    this.at = options.at;
  }
}
