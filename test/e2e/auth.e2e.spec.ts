import { EventBus, MINUTE, SECOND, Store } from '@app/core';
import { Session } from '@app/modules/auth';
import { User } from '@app/modules/users';
import { JwtService } from '@nestjs/jwt';
import { ADMIN, Api, signUp, useApi } from '../support/api';
import { startApp } from '../support/app';
import { FakeClock } from '../support/clock';

const envelope = (message: string, data: unknown = null) => ({ message, data });
const unauthorized = (message: string) => ({ status: 401, body: envelope(message) });
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const OTHER_PASSWORD = 'OtherPassword99?';

describe('POST /auth/register', () => {
  it('makes the first user an admin, signed in, with the e-mail as it was given', async () => {
    const server = await startApp();
    const email = 'Ops@Acme.test';
    const { signedIn, api } = await signUp(server, { ...ADMIN, email });

    expect(signedIn).toEqual({
      status: 201,
      body: envelope('User registered successfully', {
        user: {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          email,
          active: true,
          twofa_status: false,
          role: 'admin',
          createdAt: expect.stringMatching(TIME),
          updatedAt: expect.stringMatching(TIME),
        },
        accessToken: expect.any(String),
        refreshToken: expect.any(String),
      }),
    });
    await expect(api.get('/auth/me')).resolves.toEqual({
      status: 200,
      body: envelope('success', signedIn.body.data.user),
    });
    await server.close();
  });

  it('lets one of many at once in, also when they give the same e-mail', async () => {
    const server = await startApp();
    const api = new Api(server);
    const emails = Array.from({ length: 12 }, (_, i) => `ops${i % 6}@acme.test`);

    const answers = await Promise.all(emails.map((email) => api.post('/auth/register', { ...ADMIN, email })));

    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(11);
    for (const answer of refused) expect(answer).toEqual({ status: 400, body: envelope('admin already exists') });
    await server.close();
  });

  it('takes a password of any length', async () => {
    const server = await startApp();
    const long = { ...ADMIN, password: `Aa1!${'x'.repeat(5000)}` };
    await signUp(server, long);

    await expect(new Api(server).post('/auth/login', long)).resolves.toMatchObject({ status: 200 });
    await expect(
      new Api(server).post('/auth/login', { ...long, password: long.password.slice(0, 72) }),
    ).resolves.toMatchObject({ status: 401 });
    await server.close();
  });
});

describe('sessions', () => {
  const clock = new FakeClock();
  const api = useApi({ clock, env: { BRUTEFORCE_MAX_ATTEMPTS: '1000' } });
  const anyone = api.as(undefined);

  const signIn = async (password = ADMIN.password) => {
    const { body } = await anyone.post('/auth/login', { ...ADMIN, password });
    const { accessToken, refreshToken } = body.data as { accessToken: string; refreshToken: string };
    return { api: api.as(accessToken), accessToken, refreshToken };
  };
  const refresh = (refreshToken: string) => anyone.post('/auth/refresh', { refreshToken });
  const expectEnded = async ({ api, refreshToken }: Awaited<ReturnType<typeof signIn>>) => {
    await expect(api.get('/auth/me')).resolves.toEqual(unauthorized('Invalid or expired token'));
    await expect(refresh(refreshToken)).resolves.toEqual(unauthorized('invalid refresh token'));
  };
  const expectAlive = async ({ api }: Awaited<ReturnType<typeof signIn>>) => {
    await expect(api.get('/auth/me')).resolves.toMatchObject({ status: 200 });
  };

  it('signs in whatever the letter case of the e-mail', async () => {
    await expect(anyone.post('/auth/login', { ...ADMIN, email: 'OPS@ACME.TEST' })).resolves.toMatchObject({
      status: 200,
      body: { message: 'Login successful', data: { user: { email: ADMIN.email } } },
    });
  });

  it('issues tokens with the known claims, and the session and role', async () => {
    const { accessToken, refreshToken } = await signIn();
    const decode = (token: string) => api.app.get(JwtService).decode<Record<string, unknown>>(token);
    const now = clock.now() / SECOND;
    const { sid } = decode(accessToken);
    const common = { userId: expect.any(String), email: ADMIN.email, nbf: now, iat: now, sid, role: 'admin' };

    expect(decode(accessToken)).toEqual({ ...common, type: 'access', exp: now + 900 });
    expect(decode(refreshToken)).toEqual({ ...common, type: 'refresh', exp: now + 2_592_000 });
  });

  it('refuses an access token once it has expired, though it was just good', async () => {
    const session = await signIn();
    await expectAlive(session);

    clock.advance(15 * MINUTE);

    await expect(session.api.get('/auth/me')).resolves.toEqual(unauthorized('Invalid or expired token'));
    const { body } = await refresh(session.refreshToken);
    await expectAlive({ ...session, api: api.as(body.data.accessToken) });
  });

  it('slides a session with every refresh, and leaves the old refresh token valid', async () => {
    const { refreshToken } = await signIn();
    clock.advance(15 * 24 * 60 * MINUTE);

    const second = (await refresh(refreshToken)).body.data.refreshToken as string;
    await expect(refresh(refreshToken)).resolves.toMatchObject({ status: 200 });
    clock.advance(20 * 24 * 60 * MINUTE);

    await expect(refresh(refreshToken)).resolves.toEqual(unauthorized('invalid refresh token'));
    await expect(refresh(second)).resolves.toMatchObject({ status: 200 });
  });

  it('ends the session of the token on logout, and no other', async () => {
    const [one, other] = [await signIn(), await signIn()];
    await expectAlive(one);

    await expect(one.api.post('/auth/logout')).resolves.toEqual({
      status: 200,
      body: envelope('Logged out successfully'),
    });

    await expectEnded(one);
    await expectAlive(other);
  });

  it('ends all sessions of the user on logout with all', async () => {
    const [one, other] = [await signIn(), await signIn()];
    await expectAlive(other);

    await expect(one.api.post('/auth/logout', { all: true })).resolves.toMatchObject({ status: 200 });

    await expectEnded(one);
    await expectEnded(other);
  });

  it('refuses a logout body that says something else', async () => {
    const { api } = await signIn();
    await expect(api.post('/auth/logout', { all: 'yes' })).resolves.toEqual({
      status: 400,
      body: envelope('all must be true or false'),
    });
  });

  it('ends the other sessions when the password changes', async () => {
    const [one, other] = [await signIn(), await signIn()];
    await expectAlive(other);

    await expect(
      one.api.put('/auth/password', { currentPassword: ADMIN.password, newPassword: OTHER_PASSWORD }),
    ).resolves.toEqual({ status: 200, body: envelope('Password updated successfully') });

    await expectAlive(one);
    await expectEnded(other);
    await expect(anyone.post('/auth/login', ADMIN)).resolves.toEqual(unauthorized('invalid credentials'));
    await one.api.put('/auth/password', { currentPassword: OTHER_PASSWORD, newPassword: ADMIN.password });
  });

  it('lets one of two simultaneous password changes win', async () => {
    const { api } = await signIn();
    const change = (newPassword: string) => api.put('/auth/password', { currentPassword: ADMIN.password, newPassword });

    const answers = await Promise.all([change('FirstPassword1!'), change('SecondPassword2!')]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const winner = answers[0].status === 200 ? 'FirstPassword1!' : 'SecondPassword2!';
    await expect(
      api.put('/auth/password', { currentPassword: winner, newPassword: ADMIN.password }),
    ).resolves.toMatchObject({ status: 200 });
  });

  it('leaves no session of a login that a password change overtook', async () => {
    const { api } = await signIn();
    const change = (from: string, to: string) => api.put('/auth/password', { currentPassword: from, newPassword: to });
    const logins = Array.from({ length: 8 }, () => anyone.post('/auth/login', ADMIN));

    await change(ADMIN.password, OTHER_PASSWORD);
    const answers = await Promise.all(logins);

    for (const { status, body } of answers) {
      if (status !== 200) continue;
      await expect(api.as(body.data.accessToken).get('/auth/me')).resolves.toMatchObject({ status: 401 });
    }
    await change(OTHER_PASSWORD, ADMIN.password);
  });

  it('refuses somebody who is not active, without saying so', async () => {
    const session = await signIn();
    const users = api.app.get(Store).collection(User);
    const { id } = (await users.findOne({ emailKey: ADMIN.email }))!;
    await expectAlive(session);

    await users.update({ id }, { active: false });
    api.app.get(EventBus).publish('user.changed', { id });

    await expect(anyone.post('/auth/login', ADMIN)).resolves.toEqual(unauthorized('invalid credentials'));
    await expectEnded(session);
    await users.update({ id }, { active: true });
  });

  it('rehashes the bcrypt password of an older system at login', async () => {
    const users = api.app.get(Store).collection(User);
    // `TestPassword1234!`, cost 4
    const password = '$2a$04$A/nNR43AIHL3Zi7TWJ0XpuxQc7MPLf2dfNTCNU/XYM71a3JeL.kR6';
    await users.update({ emailKey: ADMIN.email }, { password });

    const answers = await Promise.all(Array.from({ length: 4 }, () => anyone.post('/auth/login', ADMIN)));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const user = await users.findOne({ emailKey: ADMIN.email });
    expect(user!.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await expect(anyone.post('/auth/login', ADMIN)).resolves.toMatchObject({ status: 200 });
  });

  it('forgets the sessions of a user who is gone', async () => {
    const store = api.app.get(Store);
    const session = await signIn();

    await store.collection(User).delete({ emailKey: ADMIN.email });
    clock.advance(MINUTE);

    await expect(session.api.get('/auth/me')).resolves.toEqual(unauthorized('Invalid or expired token'));
    await expect(refresh(session.refreshToken)).resolves.toEqual(unauthorized('user not found'));
    await expect(store.collection(Session).count()).resolves.toBe(0);
  });
});
