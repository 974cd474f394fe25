import { createHash } from 'node:crypto';
import type { HttpRequest, HttpResponse, TlsSettings } from '@app/outbound';
import { isOurFault } from '@app/outbound';
import { LRUCache } from 'lru-cache';
import type { CheckContext } from '../checker';
import { CheckFailure, failureText } from '../failure';
import { requestFailed } from './request-failed';
import type { HttpConfig } from './http.config';

/** Tokens by what they were asked for with, until they expire. */
const tokens = new LRUCache<string, string>({ max: 10_000 });

/** A token is given up this long before its end, so that it does not expire on the way. */
const MARGIN_SECONDS = 30;

interface Options {
  tls: TlsSettings;
  context: CheckContext;
}

export interface Token {
  /** Value of the `Authorization` header. */
  authorization: string;
  /** It was not asked for just now; the target may have revoked it meanwhile. */
  cached: boolean;
}

/** Client credentials grant (RFC 6749 4.4). @throws CheckFailure, with a latency of 0 */
export async function accessToken(config: HttpConfig, options: Options): Promise<Token> {
  const key = cacheKey(config);
  const known = tokens.get(key);
  if (known !== undefined) return { authorization: `Bearer ${known}`, cached: true };
  const { token, lifetimeSeconds } = await requestToken(config, options);
  // Without `expires_in` nobody knows for how long a token is good.
  const ttl = (lifetimeSeconds - MARGIN_SECONDS) * 1000;
  if (ttl > 0) tokens.set(key, token, { ttl });
  return { authorization: `Bearer ${token}`, cached: false };
}

/** For a token that was refused before its time. */
export function forgetToken(config: HttpConfig): void {
  tokens.delete(cacheKey(config));
}

function cacheKey(config: HttpConfig): string {
  const { oauth_auth_method, oauth_token_url, oauth_client_id, oauth_client_secret, oauth_scopes } = config;
  const parts = [oauth_auth_method, oauth_token_url, oauth_client_id, oauth_client_secret, oauth_scopes];
  return createHash('sha256')
    .update(JSON.stringify([...parts, config.ignore_tls_errors]))
    .digest('base64');
}

async function requestToken(config: HttpConfig, { tls, context: { outbound, signal, proxy } }: Options) {
  const response = await Promise.resolve()
    .then(() => outbound.http({ ...tokenRequest(config), tls, proxy, maxRedirects: 10, signal }))
    .catch(requestFailed('POST'))
    .catch((error: unknown) => {
      if (isOurFault(error)) throw error;
      throw failure(`failed to get oauth2 token: ${failureText(error)}`);
    });
  if (response.status < 200 || response.status > 299) {
    throw failure(`oauth2 token endpoint returned status: ${response.status}`);
  }
  return readToken(response);
}

function tokenRequest(config: HttpConfig): Pick<HttpRequest, 'url' | 'method' | 'headers' | 'body'> {
  const { oauth_auth_method, oauth_token_url, oauth_client_id, oauth_client_secret, oauth_scopes } = config;
  if (!URL.canParse(oauth_token_url)) {
    throw new CheckFailure(`Post "${oauth_token_url}": unsupported protocol scheme ""`);
  }
  const basic = oauth_auth_method === 'client_secret_basic';
  const form = new URLSearchParams({ client_id: oauth_client_id });
  if (!basic) form.set('client_secret', oauth_client_secret);
  form.set('grant_type', 'client_credentials');
  if (oauth_scopes) form.set('scope', oauth_scopes);
  // Not form-encoded as RFC 6749 2.3.1 has it: existing servers know these clients by the plain values.
  const credentials = Buffer.from(`${oauth_client_id}:${oauth_client_secret}`).toString('base64');
  return {
    url: new URL(oauth_token_url),
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(basic && { authorization: `Basic ${credentials}` }),
    },
    body: form.toString(),
  };
}

/** The answer may hold a token even where it is broken, so it is never quoted. */
function readToken({ body }: HttpResponse): { token: string; lifetimeSeconds: number } {
  const answer = parseObject(body.toString('utf8'));
  if (!answer) throw failure('failed to parse oauth2 token response: not a JSON object');
  const { access_token, expires_in } = answer;
  if (typeof access_token !== 'string' || access_token === '') {
    throw failure('failed to parse oauth2 token response: no access_token');
  }
  return { token: access_token, lifetimeSeconds: Number(expires_in) || 0 };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

/** The request itself was never sent: there is nothing to measure. */
function failure(message: string): CheckFailure {
  return new CheckFailure(message, { latencyMs: 0 });
}
