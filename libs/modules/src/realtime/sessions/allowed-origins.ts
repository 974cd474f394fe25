import { Config } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whose pages may open sockets: the origins of `CLIENT_URL`, and pages that come from this server. Browsers let every
 * page open a WebSocket anywhere, so this is what CORS is for other requests; programs send no `Origin`.
 */
@Injectable()
export class AllowedOrigins {
  constructor(private readonly config: Config) {}

  allows({ origin, host }: IncomingHttpHeaders): boolean {
    if (origin === undefined) return true;
    return this.config.env.CLIENT_URL.includes(origin.toLowerCase()) || isSameHost(origin, host);
  }
}

/** A proxy in front may have ended TLS, so the scheme says nothing. */
function isSameHost(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
