import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { CertificateDocument } from '@app/core';

/** Which addresses checks and notifications may reach. See `TARGET_POLICY` in `docs/configuration.md`. */
export interface TargetPolicy {
  /** @returns false when this IPv4 or IPv6 literal must not be connected to. */
  allows(address: string): boolean;
}

export interface TlsSettings {
  /** Skips verification; the certificate is captured all the same, with `valid: false`. */
  insecure?: boolean;
  /** Client certificate and CA, made once per (ca, cert, key) and shared. */
  secureContext?: SecureContext;
}

export interface HttpRequest {
  url: URL;
  method?: string;
  /** Sent as given; a name given here replaces the default of that name. */
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  tls?: TlsSettings;
  /** How many redirects are followed (each hop under the target policy). 0 = none: the 3xx itself is the response. */
  maxRedirects?: number;
  /** More than this of the body is not read; the rest of the response is discarded. Default 1 MiB. */
  maxBodyBytes?: number;
  signal: AbortSignal;
}

export interface HttpResponse {
  status: number;
  /** Reason phrase, as sent; "" when there was none. */
  statusText: string;
  /** Names in lower case; repeated ones joined with ", ". */
  headers: Record<string, string>;
  body: Buffer;
  /** From just before sending to the headers of the final response, redirects included. */
  latencyMs: number;
  certificate?: CertificateDocument;
  /** Redirects that were followed. */
  redirects: number;
}

/** The one way out: every connection of a check or a notification goes through it. */
export interface Outbound {
  /**
   * One request on a connection of its own.
   * @throws OutboundError with a text for the user, never quoting credentials.
   */
  http(request: HttpRequest): Promise<HttpResponse>;

  /** A connected TCP socket; the caller destroys it. @throws OutboundError */
  connect(target: { host: string; port: number; signal: AbortSignal }): Promise<Socket>;

  /** Addresses of a host that the policy allows, in the resolver's order. @throws OutboundError */
  resolve(host: string, signal: AbortSignal): Promise<string[]>;
}

/** A connection that could not be made or broke; `message` is for the user, `latencyMs` as in HttpResponse. */
export class OutboundError extends Error {
  readonly certificate?: CertificateDocument;
  readonly latencyMs?: number;

  constructor(message: string, options: ErrorOptions & { certificate?: CertificateDocument; latencyMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.name = 'OutboundError';
    this.certificate = options.certificate;
    this.latencyMs = options.latencyMs;
  }
}
