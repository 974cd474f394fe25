import { EventBus, SECOND, Store } from '@app/core';
import { InstanceSecrets } from '@app/modules/auth/secrets/instance-secrets';
import { asSecret } from '@app/modules/auth/tokens/claims';
import { Setting } from '@app/modules/settings';
import { JwtService } from '@nestjs/jwt';
import { generate } from 'otplib';
import { ADMIN, Api, signUp } from '../../support/api';
import { useApp } from '../../support/app';
import { FakeClock } from '../../support/clock';
import { replay } from '../../support/replay';
import type { Case } from '../../support/replay';

const REFERENCE_GUARD = /^PostgreSQL, BRUTEFORCE_MAX_ATTEMPTS=3/;
const RECORDED_SECRET = 'PWSX6AD7PV7JDIOLDM4SI2YRTC7XZI3G';
const RECORDED_URI =
  'otpauth://totp/peekaping:ops@acme.test?algorithm=SHA1&digits=6&issuer=peekaping&period=30&secret=';
const SOMEBODY_ELSE = '11111111-2222-4333-8444-555555555555';

describe('auth.json', () => {
  const clock = new FakeClock();
  const server = useApp({ clock });
  const anyone = new Api(server);
  let access = '';
  let refresh = '';
  let totpSecret = '';

  /** The session whose tokens the exchanges mean by `<access>` and `<refresh>`. */
  const signIn = async (password = ADMIN.password) => {
    const { body } = await anyone.post('/auth/login', { email: ADMIN.email, password });
    ({ accessToken: access, refreshToken: refresh } = body.data);
  };

  const claims = () => server.get(JwtService).decode<Record<string, unknown>>(access);
  const sign = (changes: object, key: 'access' | 'refresh' = 'access', algorithm: 'HS256' | 'HS512' = 'HS256') =>
    server
      .get(JwtService)
      .sign(
        { ...claims(), ...changes },
        { secret: asSecret(server.get(InstanceSecrets)[key]), algorithm, noTimestamp: true },
      );
  const timeless = () => {
    const { exp: _exp, nbf: _nbf, iat: _iat, ...rest } = claims();
    return server
      .get(JwtService)
      .sign(rest, { secret: asSecret(server.get(InstanceSecrets).access), noTimestamp: true });
  };
  const seconds = () => clock.now() / SECOND;
  const unsigned = () => `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${access.split('.')[1]}.`;

  const code = (periods = 0) => generate({ secret: totpSecret, epoch: seconds() + 30 * periods });
  const withCode = async (periods = 0) => ({ body: { ...ADMIN, token: await code(periods) } });
  const setAccessLifetime = async (value: string) => {
    const key = 'ACCESS_TOKEN_EXPIRED_IN';
    await server.get(Store).collection(Setting).update({ key }, { value });
    server.get(EventBus).publish('setting.changed', { key });
  };

  const refused = (message: string) => ({ status: 401, body: { message, data: null } });
  const accepted = (message: string) => ({ status: 200, body: { message, data: null } });
  const gone = { why: 'ours: the token of nobody is no good', response: refused('Invalid or expired token') };
  const signedIn = {
    message: 'Login successful',
    data: {
      user: {
        id: '00000000-0000-4000-8000-000000000001',
        email: ADMIN.email,
        active: true,
        twofa_status: false,
        createdAt: '2026-11-23T23:31:26.657949Z',
        updatedAt: '2026-11-23T23:31:26.657949Z',
      },
      accessToken: 'eyJh.e30.access',
      refreshToken: 'eyJh.e30.refresh',
    },
  };
  const nextPeriod = () => clock.advance(90 * SECOND);

  const cases: Record<string, Case> = {
    'register: password of 73 bytes': {
      why: 'ours: accepted, so sent weak to leave the server empty',
      request: { body: { email: ADMIN.email, password: 'x'.repeat(73) } },
      response: {
        status: 400,
        body: {
          message:
            'Password must be at least 8 characters long and contain uppercase, lowercase, number, and special character',
          data: null,
        },
      },
    },
    'login: e-mail in other letter case': {
      why: 'ours: the same account',
      response: { status: 200, body: signedIn },
    },
    'login: form content type': { why: 'ours: read as JSON like any other', response: { status: 200, body: signedIn } },
    'refresh: access token given': { why: 'after signing in once more', before: () => signIn() },
    'refresh: signed with the refresh key but type is access': {
      why: 'with a token of ours',
      request: () => ({ body: { refreshToken: sign({ type: 'access' }, 'refresh') } }),
    },
    'refresh: user does not exist': {
      why: 'with a token of ours',
      request: () => ({ body: { refreshToken: sign({ type: 'refresh', userId: SOMEBODY_ELSE }, 'refresh') } }),
    },
    'refresh: expired': {
      why: 'with a token of ours',
      request: () => ({ body: { refreshToken: sign({ type: 'refresh', exp: seconds() - 1 }, 'refresh') } }),
    },
    'access token: unknown user': gone,
    'password: 73 bytes': {
      why: 'ours: accepted; sent with a wrong current password so that it stays',
      request: { body: { currentPassword: 'x', newPassword: `Aa1!${'x'.repeat(69)}` } },
      response: { status: 400, body: { message: 'current password is incorrect', data: null } },
    },
    'password: user gone': gone,
    'refresh token issued before the password change': {
      why: 'of the session that changed it',
      request: () => ({ body: { refreshToken: refresh } }),
    },
    'login: 72-byte password with surplus characters': {
      why: 'ours: every byte counts',
      response: refused('invalid credentials'),
    },
    '2fa/setup: user gone': gone,
    '2fa/verify: user gone': gone,
    '2fa/setup: second call before confirmation': {
      why: 'ours: a fresh secret and its URI',
      response: { body: { secret: RECORDED_SECRET, provisioningUri: `${RECORDED_URI}${RECORDED_SECRET}` } },
      after: ({ body }) => void (totpSecret = body.secret as string),
    },
    '2fa/verify: wrong code': {
      why: 'ours: 400',
      response: { status: 400, body: { success: false, message: 'invalid 2FA code' } },
    },
    '2fa/verify: code of 5 digits': {
      why: 'ours: 400',
      response: { status: 400, body: { success: false, message: 'invalid 2FA code' } },
    },
    '2fa/verify: right code': {
      why: 'with a code of our secret',
      request: async () => ({ body: { email: ADMIN.email, code: await code() } }),
    },
    '2fa/verify: the same code again': {
      why: 'ours: a code is accepted once',
      request: async () => ({ body: { email: ADMIN.email, code: ` ${await code()} ` } }),
      response: { status: 400, body: { success: false, message: 'invalid 2FA code' } },
    },
    'login with 2FA: wrong password and right token': {
      why: 'with a code of our secret',
      before: nextPeriod,
      request: async () => ({ body: { ...ADMIN, password: 'x', token: await code() } }),
    },
    'login with 2FA: ok': { why: 'with a code of our secret', request: () => withCode() },
    'login with 2FA: the same token again': {
      why: 'ours: a code is accepted once',
      request: () => withCode(),
      response: refused('invalid 2FA token'),
    },
    'login with 2FA: token of the previous 30 s period': {
      why: 'a while later',
      before: nextPeriod,
      request: () => withCode(-1),
    },
    'login with 2FA: token two periods old': {
      why: 'a while later',
      before: nextPeriod,
      request: () => withCode(-2),
    },
    'login with 2FA: token of the next period, blanks around': {
      why: 'with a code of our secret',
      request: async () => ({ body: { ...ADMIN, token: ` ${await code(1)} ` } }),
    },
    'refresh with 2FA: no token needed': {
      why: 'with a token of ours',
      request: () => ({ body: { refreshToken: refresh } }),
    },
    '2fa/setup: while active': {
      why: 'ours: 400',
      response: { status: 400, body: { message: '2FA is already active', data: null } },
    },
    'login: ACCESS_TOKEN_EXPIRED_IN is not a duration': {
      why: 'ours: 500',
      before: () => setAccessLifetime('abc'),
      response: { status: 500, body: { message: 'Internal server error', data: null } },
    },
    'secret missing while verifying': { why: 'ours: the secrets cannot be deleted', skip: true },
    'no logout route': {
      why: 'ours: there is one',
      before: () => setAccessLifetime('15m'),
      response: accepted('Logged out successfully'),
    },
    'no current-user route': {
      why: 'ours: there is one',
      before: () => signIn(),
      response: { status: 200, body: { message: 'success', data: signedIn.data.user } },
    },
  };

  const exchangeOfTheGuard = ({ name }: { name: string }) => REFERENCE_GUARD.test(name);
  replay('auth.json', {
    server,
    additions: ['role'],
    cases,
    only: (exchange) => !exchangeOfTheGuard(exchange),
    placeholders: {
      '<access>': () => access,
      '<refresh>': () => refresh,
      '<access claims signed with HS512>': () => sign({}, 'access', 'HS512'),
      '<unsigned token>': unsigned,
      '<access claims without exp, nbf, iat>': timeless,
      '<expired access token>': () => sign({ exp: seconds() - 1 }),
      '<access token with nbf in the future>': () => sign({ nbf: seconds() + 60 }),
      '<access token with iat in the future>': () => sign({ iat: seconds() + 60 }),
      '<type refresh, signed with the access key>': () => sign({ type: 'refresh' }),
      '<access token of a user that does not exist>': () => sign({ userId: SOMEBODY_ELSE }),
    },
  });
});

describe('auth.json, the brute-force guard', () => {
  const clock = new FakeClock();
  const guard = { BRUTEFORCE_MAX_ATTEMPTS: '3', BRUTEFORCE_WINDOW: '30s', BRUTEFORCE_LOCKOUT: '5s' };
  const server = useApp({ clock, env: guard });
  beforeAll(() => signUp(server));

  const name = (rest: string) =>
    `PostgreSQL, BRUTEFORCE_MAX_ATTEMPTS=3, BRUTEFORCE_WINDOW=30s, BRUTEFORCE_LOCKOUT=5s: ${rest}`;
  const locked = {
    status: 429,
    body: { message: 'too many attempts, try later', retry_after: 4, success: false },
  };
  replay('auth.json', {
    server,
    additions: ['role'],
    only: ({ name }) => REFERENCE_GUARD.test(name),
    cases: {
      [name('fourth is refused')]: { why: 'a moment later', before: () => clock.advance(500) },
      [name('other address by X-Forwarded-For')]: { why: 'ours: no proxy is trusted', response: locked },
      [name('other content type')]: { why: 'ours: the body is always read', response: locked },
      [name('after the lockout, still inside the window: one failure locks again (this answer is still 401)')]: {
        why: 'the clock is moved',
        before: () => clock.advance(5 * SECOND),
      },
      [name('refused again')]: { why: 'a moment later', before: () => clock.advance(500) },
      [name('right password after the lockout')]: {
        why: 'the clock is moved',
        before: () => clock.advance(5 * SECOND),
      },
    },
  });
});
