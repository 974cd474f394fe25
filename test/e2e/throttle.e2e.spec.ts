import { MINUTE } from '@app/core';
import { ADMIN, Api, useApi } from '../support/api';
import { startApp } from '../support/app';
import { FakeClock } from '../support/clock';
import { createKey } from '../support/keys';
import { pushBody } from '../support/monitors';
import { signInAs } from '../support/people';
import { refused } from '../support/wire';

const TOO_MANY = refused(429, 'Too many requests, try later');

/** Sends it until it is refused. @returns how often it was not */
async function untilRefused(send: () => Promise<{ status: number }>, most = 100): Promise<number> {
  for (let count = 0; count <= most; count++) if ((await send()).status === 429) return count;
  throw new Error(`was not refused within ${most} requests`);
}

describe('throttling', () => {
  const clock = new FakeClock();
  const api = useApi({ clock, env: { THROTTLE_LIMIT: '20', THROTTLE_AUTH_LIMIT: '8' } });
  const anyone = api.as(undefined);

  beforeEach(() => clock.advance(MINUTE));

  it('takes so many requests of a user in a window, says how many are left, and when to come again', async () => {
    const viewer = await signInAs(api.app, 'viewer');
    const first = await viewer.get('/tags');
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"default";q=20;w=60',
      ratelimit: '"default";r=19;t=60',
    });
    clock.advance(20_500);
    for (let i = 0; i < 19; i++) await expect(viewer.get('/tags')).resolves.toMatchObject({ status: 200 });

    const answer = await viewer.get('/tags');

    expect(answer).toEqual(TOO_MANY);
    expect(answer.headers).toMatchObject({
      'ratelimit-policy': '"default";q=20;w=60',
      ratelimit: '"default";r=0;t=40',
      'retry-after': '40',
    });
    clock.advance(39_500);
    await expect(viewer.get('/tags')).resolves.toMatchObject({ status: 200 });
  });

  it('counts each user and each key on its own, wherever they come from', async () => {
    const editor = await signInAs(api.app, 'editor');
    const [one, other] = [await createKey(api.app, editor), await createKey(api.app, editor)];

    await expect(untilRefused(() => one.api.get('/tags'))).resolves.toBe(20);
    await expect(other.api.get('/tags')).resolves.toMatchObject({ status: 200 });
    await expect(editor.get('/tags')).resolves.toMatchObject({ status: 200 });
  });

  it('counts refusals as well: of strangers by address, of users by user', async () => {
    const viewer = await signInAs(api.app, 'viewer');
    const forbidden = () => viewer.post('/tags', { name: 'a', color: '#fff' });

    await expect(untilRefused(() => anyone.as('nonsense').get('/tags'))).resolves.toBe(20);
    await expect(anyone.with({ 'x-api-key': 'pk_nonsense_' }).get('/tags')).resolves.toEqual(TOO_MANY);
    await expect(anyone.get('/version')).resolves.toEqual(TOO_MANY);
    await expect(untilRefused(forbidden)).resolves.toBe(20);
    await expect(viewer.get('/tags')).resolves.toEqual(TOO_MANY);
  });

  it('is stricter where passwords are tried, of the whole address', async () => {
    let number = 0;
    const login = () => anyone.post('/auth/login', { email: `nobody${number++}@acme.test`, password: 'x' });

    await expect(untilRefused(login)).resolves.toBe(8);
    await expect(anyone.post('/auth/login', ADMIN)).resolves.toEqual(TOO_MANY);
    await expect(anyone.post('/auth/refresh', {})).resolves.toEqual(TOO_MANY);
    await expect(anyone.get('/version')).resolves.toMatchObject({ status: 200 });
  });

  it('gains nothing by a header that claims another address', async () => {
    let number = 0;
    const login = () => {
      const address = `198.51.100.${number++}`;
      const claim = { 'x-forwarded-for': address, 'x-real-ip': address, forwarded: `for=${address}` };
      return anyone.with(claim).post('/auth/login', { email: 'nobody@acme.test', password: 'x' });
    };

    await expect(untilRefused(login)).resolves.toBe(8);
  });

  it('does not lose a push, nor a look at the health', async () => {
    await api.renew();
    await api.post('/monitors', pushBody('busy'));
    for (let i = 0; i < 30; i++) {
      const answer = await anyone.get('/push/busy');
      expect(answer).toMatchObject({ status: 200 });
      expect(answer.headers).not.toHaveProperty('ratelimit');
      await expect(anyone.get('/health')).resolves.toMatchObject({ status: 200 });
    }
  });
});

describe('behind a proxy, throttling', () => {
  it.each([
    [
      'counts the address that the proxy saw, whatever the client claims before it',
      '1',
      (i: number) => `203.0.113.${i}, 192.0.2.7`,
      5,
    ],
    ['keeps the clients of the proxy apart', '1', (i: number) => `192.0.2.${i}`, null],
    ['takes an IPv6 network as one', 'loopback', (i: number) => `2001:db8::${i}`, 5],
    ['does not believe a proxy that it does not know', '192.0.2.0/24', (i: number) => `192.0.2.${i}`, 5],
  ])('%s (TRUST_PROXY=%s)', async (_, TRUST_PROXY, forwarded, limit) => {
    const server = await startApp({ env: { TRUST_PROXY, THROTTLE_LIMIT: '5' } });
    let number = 0;
    const ask = () => new Api(server, { 'x-forwarded-for': forwarded(++number) }).get('/version');

    if (limit === null) await expect(untilRefused(ask, 50)).rejects.toThrow('was not refused');
    else await expect(untilRefused(ask, 50)).resolves.toBe(limit);
    await server.close();
  });

  it('is off when its limit is 0', async () => {
    const server = await startApp({ env: { THROTTLE_LIMIT: '0' } });
    const answer = await new Api(server).get('/version');

    expect(answer.headers).not.toHaveProperty('ratelimit');
    await server.close();
  });
});
