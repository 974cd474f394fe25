import { MINUTE, SECOND, Store } from '@app/core';
import { AttemptsService, LoginAttempts } from '@app/modules/auth';
import type { Api } from '../support/api';
import { ADMIN, useApi } from '../support/api';
import { FakeClock } from '../support/clock';

const WRONG = { ...ADMIN, password: 'x' };
const refused = { status: 401, body: { message: 'invalid credentials', data: null } };
const locked = (retryAfter: number) => ({
  status: 429,
  body: { message: 'too many attempts, try later', retry_after: retryAfter, success: false },
});
const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).sort();
const times = <T>(n: number, work: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => work(i));

describe('too many wrong passwords', () => {
  const clock = new FakeClock();
  const limits = { BRUTEFORCE_MAX_ATTEMPTS: '3', BRUTEFORCE_WINDOW: '30s', BRUTEFORCE_LOCKOUT: '5s' };
  const admin = useApi({ clock, env: { ...limits, TRUST_PROXY: 'true' } });
  const from = (address: string): Api => admin.as(undefined).with({ 'x-forwarded-for': address });
  const login = (address: string, who: object = ADMIN) => from(address).post('/auth/login', who);

  afterEach(() => clock.advance(10 * MINUTE));

  it('locks after the last one that is let through, for the right password too', async () => {
    for (let i = 0; i < 3; i++) await expect(login('192.0.2.1', WRONG)).resolves.toEqual(refused);

    const answer = await login('192.0.2.1');

    expect(answer).toEqual(locked(5));
    expect(answer.headers['retry-after']).toBe('5');
    clock.advance(3_700);
    await expect(login('192.0.2.1')).resolves.toEqual(locked(1));
  });

  it('lets exactly as many of ten at once through as the limit says', async () => {
    const answers = await Promise.all(times(10, () => login('192.0.2.2', WRONG)));

    expect(statuses(answers)).toEqual([401, 401, 401, ...times(7, () => 429)]);
  });

  it('does not tell the right password apart among many that come at once', async () => {
    const answers = await Promise.all(times(20, (i) => login('192.0.2.3', i === 19 ? ADMIN : WRONG)));

    expect(answers[19]).toEqual(locked(5));
  });

  it('counts the account of one address in any letter case, and neither another account nor another address', async () => {
    await Promise.all(times(3, () => login('192.0.2.4', WRONG)));

    await expect(login('192.0.2.4', { ...ADMIN, email: 'OPS@acme.test' })).resolves.toEqual(locked(5));
    await expect(login('192.0.2.4', { ...WRONG, email: 'nobody@acme.test' })).resolves.toEqual(refused);
    await expect(login('192.0.2.5')).resolves.toMatchObject({ status: 200 });
  });

  it('counts unknown accounts alike', async () => {
    const nobody = { ...ADMIN, email: 'nobody@acme.test' };
    const answers = await Promise.all(times(5, () => login('192.0.2.6', nobody)));

    expect(statuses(answers)).toEqual([401, 401, 401, 429, 429]);
  });

  it('locks an address that tries many accounts, at ten times the limit', async () => {
    const answers = await Promise.all(
      times(40, (i) => login('192.0.2.7', { ...WRONG, email: `nobody${i}@acme.test` })),
    );

    expect(answers.filter(({ status }) => status === 401)).toHaveLength(30);
    await expect(login('192.0.2.7')).resolves.toEqual(locked(5));
  });

  it('takes all addresses of an IPv6 network as one', async () => {
    await Promise.all(times(3, (i) => login(`2001:db8:1:1::${i}`, WRONG)));

    await expect(login('2001:db8:1:1:ffff::1')).resolves.toEqual(locked(5));
    await expect(login('2001:db8:1:2::1')).resolves.toMatchObject({ status: 200 });
  });

  it('starts again after the window, and forgets after a success', async () => {
    await login('192.0.2.8', WRONG);
    await login('192.0.2.8', WRONG);
    clock.advance(31 * SECOND);
    await login('192.0.2.8', WRONG);
    await login('192.0.2.8', WRONG);
    await expect(login('192.0.2.8')).resolves.toMatchObject({ status: 200 });

    await login('192.0.2.8', WRONG);
    await login('192.0.2.8', WRONG);
    await expect(login('192.0.2.8')).resolves.toMatchObject({ status: 200 });
  });

  it('locks at once when a failure follows the lock within the window', async () => {
    await Promise.all(times(3, () => login('192.0.2.9', WRONG)));
    clock.advance(5 * SECOND);

    await expect(login('192.0.2.9', WRONG)).resolves.toEqual(refused);
    await expect(login('192.0.2.9')).resolves.toEqual(locked(5));
  });

  it('does not count malformed requests', async () => {
    await Promise.all(times(5, () => login('192.0.2.10', { email: ADMIN.email })));

    await expect(login('192.0.2.10')).resolves.toMatchObject({ status: 200 });
  });

  it('limits how often somebody signed in may show a wrong password', async () => {
    await admin.renew();
    const change = () => admin.put('/auth/password', { currentPassword: 'x', newPassword: ADMIN.password });
    const answers = await Promise.all(times(5, change));

    expect(statuses(answers)).toEqual([400, 400, 400, 429, 429]);
    await expect(admin.post('/auth/2fa/setup', ADMIN)).resolves.toEqual(locked(5));
  });

  it('removes counts that no longer matter', async () => {
    await login('192.0.2.11', WRONG);
    const attempts = admin.app.get(AttemptsService);
    const rows = admin.app.get(Store).collection(LoginAttempts);
    const key = { key: 'account:192.0.2.11:ops@acme.test' };
    clock.advance(30 * SECOND);
    await attempts.purge();
    await expect(rows.count(key)).resolves.toBe(1);

    clock.advance(1);
    await attempts.purge();

    await expect(rows.count()).resolves.toBe(0);
  });
});

describe('right passwords', () => {
  const api = useApi();

  it('are all let in at once, and leave no count behind', async () => {
    const anyone = api.as(undefined);
    const answers = await Promise.all(times(16, () => anyone.post('/auth/login', ADMIN)));

    expect(statuses(answers)).toEqual(times(16, () => 200));
    await expect(api.app.get(Store).collection(LoginAttempts).count()).resolves.toBe(0);
  });
});
