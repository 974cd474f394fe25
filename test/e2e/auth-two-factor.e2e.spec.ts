import { SECOND, Store } from '@app/core';
import { LoginAttempts } from '@app/modules/auth';
import { User } from '@app/modules/users';
import { generate } from 'otplib';
import { ADMIN, useApi } from '../support/api';
import { FakeClock } from '../support/clock';

const envelope = (message: string) => ({ message, data: null });
const unsuccessful = (message: string) => ({ status: 400, body: { success: false, message } });
const invalidToken = { status: 401, body: envelope('invalid 2FA token') };
const tokenRequired = { status: 401, body: envelope('2FA token required') };
const locked = { message: 'too many attempts, try later', retry_after: 60, success: false };

describe('two-factor authentication', () => {
  const clock = new FakeClock();
  const api = useApi({ clock, env: { BRUTEFORCE_MAX_ATTEMPTS: '5' } });
  const anyone = api.as(undefined);
  const users = () => api.app.get(Store).collection(User);
  let secret = '';

  const code = (periods = 0) => generate({ secret, epoch: clock.now() / SECOND + periods * 30 });
  /** A code that cannot be right just now. */
  const wrongCode = async () => {
    const right = await Promise.all([code(-1), code(0), code(1)]);
    return ['000000', '000001', '000002', '000003'].find((text) => !right.includes(text))!;
  };
  const setUp = async () => {
    secret = (await api.post('/auth/2fa/setup', ADMIN)).body.secret as string;
  };
  const verify = (text: string) => api.post('/auth/2fa/verify', { email: ADMIN.email, code: text });
  const login = (token?: string) => anyone.post('/auth/login', { ...ADMIN, token });
  const enable = async () => {
    await setUp();
    await verify(await code());
    clock.advance(60 * SECOND);
  };

  afterEach(async () => {
    clock.advance(600 * SECOND);
    await api.renew();
    await api.post('/auth/2fa/disable', ADMIN);
    await api.app
      .get(Store)
      .collection(LoginAttempts)
      .delete({ failures: { from: 0 } });
  });

  it('answers a fresh secret, and its own URI, until it is confirmed', async () => {
    const first = await api.post('/auth/2fa/setup', ADMIN);
    const second = await api.post('/auth/2fa/setup', ADMIN);

    for (const { status, body } of [first, second]) {
      expect({ status, body }).toEqual({
        status: 200,
        body: {
          secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
          provisioningUri: `otpauth://totp/peekaping:${ADMIN.email}?algorithm=SHA1&digits=6&issuer=peekaping&period=30&secret=${body.secret}`,
        },
      });
    }
    expect(second.body.secret).not.toBe(first.body.secret);
    secret = first.body.secret as string;
    await expect(verify(await code())).resolves.toEqual(unsuccessful('invalid 2FA code'));
  });

  it('stores the secret encrypted', async () => {
    await setUp();

    const user = await users().findOne({ emailKey: ADMIN.email });
    expect(user!.totpSecret).toMatch(/^v1:/);
    expect(user!.totpSecret).not.toContain(secret);
  });

  it('does not ask for a code while it is not confirmed', async () => {
    await setUp();
    await expect(login()).resolves.toMatchObject({ status: 200, body: { data: { user: { twofa_status: false } } } });
  });

  it('refuses to confirm without a setup, and with a wrong code', async () => {
    await expect(verify('123456')).resolves.toEqual(unsuccessful('2FA not setup'));
    await setUp();
    for (const text of [await wrongCode(), '12345', 'abcdef', '1234567', await code(-2)]) {
      await expect(verify(text)).resolves.toEqual(unsuccessful('invalid 2FA code'));
    }
  });

  it('is active after a right code, and ends the other sessions', async () => {
    const other = api.as((await login()).body.data.accessToken);
    await expect(other.get('/auth/me')).resolves.toMatchObject({ status: 200 });
    await setUp();

    await expect(verify(` ${await code()} `)).resolves.toEqual({
      status: 200,
      body: { success: true, message: '2FA verification successful' },
    });

    await expect(api.get('/auth/me')).resolves.toMatchObject({ status: 200, body: { data: { twofa_status: true } } });
    await expect(other.get('/auth/me')).resolves.toMatchObject({ status: 401 });
    await expect(api.post('/auth/2fa/setup', ADMIN)).resolves.toEqual({
      status: 400,
      body: envelope('2FA is already active'),
    });
  });

  it('asks for a code at login, without counting that', async () => {
    await enable();

    for (let i = 0; i < 8; i++) await expect(login(i % 2 ? '' : undefined)).resolves.toEqual(tokenRequired);
    await expect(login(await wrongCode())).resolves.toEqual(invalidToken);
    await expect(login(await code())).resolves.toMatchObject({ status: 200 });
  });

  it.each([
    { periods: -2, status: 401 },
    { periods: -1, status: 200 },
    { periods: 0, status: 200 },
    { periods: 1, status: 200 },
    { periods: 2, status: 401 },
  ])('answers $status to the code $periods periods from now', async ({ periods, status }) => {
    await enable();
    await expect(login(await code(periods))).resolves.toMatchObject({ status });
  });

  it('accepts a code once, also of several requests at once', async () => {
    await enable();
    const token = await code();

    const answers = await Promise.all([1, 2, 3, 4].map(() => login(token)));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
    await expect(login(token)).resolves.toEqual(invalidToken);
  });

  it('accepts the code that confirmed it not once more', async () => {
    await setUp();
    const text = await code();
    await verify(text);

    await expect(login(text)).resolves.toEqual(invalidToken);
    await expect(verify(text)).resolves.toEqual(unsuccessful('invalid 2FA code'));
  });

  it('limits wrong codes of a user, from whatever address they come', async () => {
    await enable();
    const text = await wrongCode();
    for (let i = 0; i < 3; i++) await expect(verify(text)).resolves.toMatchObject({ status: 400 });
    for (let i = 0; i < 2; i++) await expect(login(text)).resolves.toEqual(invalidToken);

    await expect(verify(await code())).resolves.toEqual({ status: 429, body: locked });
    await expect(login(await code())).resolves.toEqual({ status: 429, body: locked });
  });

  it('is switched off with the password, and a code only if one is given', async () => {
    await enable();
    const disable = (body: object) => api.post('/auth/2fa/disable', { ...ADMIN, ...body });

    await expect(disable({ password: 'x' })).resolves.toEqual({ status: 400, body: envelope('invalid password') });
    await expect(disable({ code: await wrongCode() })).resolves.toEqual({
      status: 400,
      body: envelope('invalid 2FA code'),
    });
    await expect(login()).resolves.toEqual(tokenRequired);

    const done = { status: 200, body: envelope('2FA disabled successfully') };
    await expect(disable({ code: await code() })).resolves.toEqual(done);
    await expect(disable({})).resolves.toEqual(done);
    await expect(login()).resolves.toMatchObject({ status: 200 });
  });
});
