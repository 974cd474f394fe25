import { AppError } from '@app/core';
import type { Principal } from '@app/platform';
import { RequestAuthenticator } from './request.authenticator';
import type { ApiKeyAuthenticator } from '../api-keys/api-key.authenticator';
import type { AccessTokens } from './tokens/access-tokens';

const principal: Principal = { kind: 'user', userId: 'u', email: 'ops@acme.test', role: 'admin', sessionId: 's' };
const tokens = {
  recall: () => null,
  verify: (token: string) =>
    token === 'good'
      ? Promise.resolve({ principal, expiresAt: Infinity })
      : Promise.reject(new AppError('unauthorized', 'Invalid or expired token')),
} as unknown as AccessTokens;

const keys = {
  recall: () => null,
  authenticate: (key: string) =>
    key === 'pk_good'
      ? Promise.resolve({ principal: { ...principal, kind: 'api-key' }, expiresAt: Infinity })
      : Promise.reject(
          new AppError('unauthorized', key.startsWith('pk_') ? 'Invalid or expired API key' : 'API key required'),
        ),
} as unknown as ApiKeyAuthenticator;

const EITHER = 'Authentication required: provide either X-API-Key header or Authorization header';
const FORMAT = 'Invalid authorization header format';
const TOKEN = 'Invalid or expired token';
const KEY = 'Invalid or expired API key';

describe('RequestAuthenticator', () => {
  const authenticator = new RequestAuthenticator(tokens, keys);
  const ask = async (headers: Record<string, string>, sessionOnly = false) => {
    try {
      await authenticator.authenticate({ headers }, { sessionOnly });
      return 'let in';
    } catch (error) {
      return `${(error as AppError).code}: ${(error as AppError).message}`;
    }
  };

  it.each([
    [{ authorization: 'Bearer good' }, 'let in'],
    [{ authorization: 'Bearer   good' }, 'let in'],
    [{ authorization: 'Bearer good ' }, 'let in'],
    [{ authorization: 'good' }, 'let in'],
    [{ authorization: 'Bearer' }, TOKEN],
    [{ authorization: 'Bearer ' }, TOKEN],
    [{ authorization: 'Bearer bad' }, TOKEN],
    [{ authorization: 'Bearer pk_abc' }, TOKEN],
    [{ authorization: 'bearer good' }, FORMAT],
    [{ authorization: 'Basic good' }, FORMAT],
    [{ authorization: 'Bearer good good' }, FORMAT],
    [{ authorization: '' }, EITHER],
    [{}, EITHER],
    [{ 'x-api-key': ' pk_good ', authorization: 'Bearer bad' }, 'let in'],
    [{ 'x-api-key': 'pk_abc' }, KEY],
    [{ 'x-api-key': 'abc' }, 'API key required'],
    [{ 'x-api-key': 'pk_abc', authorization: 'Bearer good' }, KEY],
    [{ 'x-api-key': 'abc', authorization: 'Bearer good' }, 'API key required'],
    [{ 'x-api-key': '  ', authorization: 'Bearer good' }, 'let in'],
    [{ 'x-api-key': '' }, EITHER],
  ])('answers %j with: %s', async (headers: Record<string, string>, answer) => {
    await expect(ask(headers)).resolves.toBe(answer === 'let in' ? answer : `unauthorized: ${answer}`);
  });

  it.each([
    [{ 'x-api-key': 'pk_abc' }, 'unauthorized: Authorization header is required'],
    [{}, 'unauthorized: Authorization header is required'],
    [{ 'x-api-key': 'abc', authorization: 'Bearer good' }, 'let in'],
  ])('where a session is needed, answers %j with: %s', async (headers: Record<string, string>, answer) => {
    await expect(ask(headers, true)).resolves.toBe(answer);
  });
});
