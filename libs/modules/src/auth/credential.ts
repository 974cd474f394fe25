import type { IncomingHttpHeaders } from 'node:http';
import { KEY_HEADER } from '../api-keys/api-key.authenticator';

/** What somebody who opens a socket shows. */
export type Credential = { kind: 'token'; token: string } | { kind: 'api-key'; key: string };

/** The API key of an upgrade request; one of blanks is none. */
export function keyOf(headers: IncomingHttpHeaders): Credential | null {
  const header = headers[KEY_HEADER];
  const key = (Array.isArray(header) ? header[0] : header)?.trim();
  return key ? { kind: 'api-key', key } : null;
}
