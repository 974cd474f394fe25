import { AppError } from '@app/core';
import { Authenticator } from '@app/platform';
import type { Credentials, Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ApiKeyAuthenticator, KEY_HEADER } from '../api-keys/api-key.authenticator';
import { AccessTokens } from './tokens/access-tokens';

const SCHEME = 'Bearer ';

/** Reads the headers that say who sends a request. */
@Injectable()
export class RequestAuthenticator extends Authenticator {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly keys: ApiKeyAuthenticator,
  ) {
    super();
  }

  override authenticate({ headers }: Credentials, options: { sessionOnly: boolean }): Principal | Promise<Principal> {
    const authorization = valueOf(headers.authorization);
    if (!options.sessionOnly) {
      const key = valueOf(headers[KEY_HEADER]);
      if (key) return this.keys.recall(key) ?? this.keys.authenticate(key).then(({ principal }) => principal);
      if (!authorization) {
        throw refused('Authentication required: provide either X-API-Key header or Authorization header');
      }
    }
    if (!authorization) throw refused('Authorization header is required');
    const known = this.tokens.recall(authorization.slice(SCHEME.length));
    if (known && authorization.startsWith(SCHEME)) return known.principal;
    return this.tokens.verify(bearerToken(authorization)).then(({ principal }) => principal);
  }
}

/** A token without the scheme will do. */
function bearerToken(authorization: string): string {
  const value = authorization.startsWith(SCHEME) ? authorization : SCHEME + authorization;
  const parts = value.split(/\s+/);
  if (parts.length !== 2) throw refused('Invalid authorization header format');
  return parts[1]!;
}

/** A header of blanks is none. */
function valueOf(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header)?.trim() ?? '';
}

function refused(message: string): AppError {
  return new AppError('unauthorized', message);
}
