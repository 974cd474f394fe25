import { Store } from '@app/core';
import { Monitor } from '@app/modules/monitors';
import { Proxy, ProxyDirectory } from '@app/modules/proxies';
import { useApi } from '../support/api';
import { FakeClock } from '../support/clock';
import { Watched, httpConfig } from '../support/engine';
import { monitorBody } from '../support/monitors';
import { signInAs } from '../support/people';
import { startHttpProxy, startHttpTarget, startSocksProxy } from '../support/targets';
import type { HttpTarget, ProxyTarget } from '../support/targets';
import { AN_ID, NOBODY, created, refused, success } from '../support/wire';

const NOW = '2026-11-24T12:00:00.000Z';
const LATER = '2026-11-24T12:00:05.000Z';
const UNKNOWN = refused(404, 'Proxy not found');
const UPDATED = 'proxy updated successfully';

const ACCOUNT = { auth: true, username: 'bob', password: 's3cret' };
const body = (values: object = {}) => ({ protocol: 'http', host: 'proxy.acme.test', port: 3128, ...values });
const stored = (values: object = {}) => ({
  id: AN_ID,
  ...body(),
  auth: false,
  createdDate: NOW,
  updatedAt: NOW,
  ...values,
});

describe('POST /proxies', () => {
  const api = useApi({ clock: new FakeClock() });

  it('stores a proxy and returns the stored row', async () => {
    const answer = await api.post('/proxies', body(ACCOUNT));

    expect(answer).toEqual(created('Proxy created successfully', stored(ACCOUNT)));
    await expect(api.get(`/proxies/${answer.body.data.id}`)).resolves.toEqual(success(answer.body.data));
  });

  it('keeps credentials that are not used, and leaves out empty ones', async () => {
    await expect(api.post('/proxies', body({ username: 'u', password: '' }))).resolves.toEqual(
      created('Proxy created successfully', stored({ username: 'u' })),
    );
  });

  it('does not store the password as it is', async () => {
    const { id } = (await api.post('/proxies', body(ACCOUNT))).body.data as { id: string };

    const row = await api.app.get(Store).collection(Proxy).findOne({ id });
    expect(JSON.stringify(row)).not.toContain('s3cret');
    expect(row!.password).toMatch(/^v1:/);
  });

  it.each(['http', 'https', 'socks', 'socks4', 'socks5', 'socks5h'])('takes %s', async (protocol) => {
    await expect(api.post('/proxies', body({ protocol }))).resolves.toMatchObject({ status: 201 });
  });

  it.each([
    ['nothing', {}, 'protocol is required; host is required; port is required'],
    [
      'an unknown protocol',
      body({ protocol: 'ftp' }),
      'protocol must be one of http, https, socks, socks4, socks5, socks5h',
    ],
    ['upper case', body({ protocol: 'HTTP' }), 'protocol must be one of http, https, socks, socks4, socks5, socks5h'],
    ['an empty host', body({ host: '' }), 'host is required'],
    ['a long host', body({ host: 'h'.repeat(256) }), 'host must be at most 255 characters'],
    ['port 0', body({ port: 0 }), 'port must be at least 1'],
    ['port 65536', body({ port: 65_536 }), 'port must be at most 65535'],
    ['a port as text', body({ port: '80' }), 'port must be a whole number'],
    ['auth without credentials', body({ auth: true }), 'username is required; password is required'],
    ['auth with a user name only', body({ auth: true, username: 'bob' }), 'password is required'],
  ])('refuses %s', async (_, sent, message) => {
    await expect(api.post('/proxies', sent)).resolves.toEqual(refused(400, message));
  });
});

describe('one proxy', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  let id = '';

  beforeEach(async () => {
    clock.set(Date.parse(NOW));
    id = (await api.post('/proxies', body(ACCOUNT))).body.data.id as string;
    clock.advance(5000);
  });

  it('is replaced by PUT: auth goes off, and absent credentials are cleared', async () => {
    const sent = { protocol: 'https', host: 'new.acme.test', port: 8080, auth: false };
    const expected = { ...sent, id, createdDate: NOW, updatedAt: LATER };

    await expect(api.put(`/proxies/${id}`, sent)).resolves.toEqual(success(expected, UPDATED));
    await expect(api.get(`/proxies/${id}`)).resolves.toEqual(success(expected));
  });

  it.each([
    ['{} nothing', {}, { ...ACCOUNT, updatedAt: NOW }],
    ['null nothing', { host: null, port: null, password: null }, { ...ACCOUNT, updatedAt: NOW }],
    ['the host', { host: 'x' }, { ...ACCOUNT, host: 'x' }],
    ['auth, keeping the credentials', { auth: false }, { ...ACCOUNT, auth: false }],
    ['the password', { password: 'new' }, { ...ACCOUNT, password: 'new' }],
    ['credentials to none', { auth: false, username: '', password: '' }, {}],
  ])('PATCH changes %s', async (_, sent, expected) => {
    await expect(api.patch(`/proxies/${id}`, sent)).resolves.toEqual(
      success(stored({ id, updatedAt: LATER, ...expected }), UPDATED),
    );
  });

  it.each([
    ['put', { host: 'x' }, 'protocol is required; port is required'],
    ['put', body({ auth: true }), 'username is required; password is required'],
    ['patch', { protocol: 'ftp' }, 'protocol must be one of http, https, socks, socks4, socks5, socks5h'],
    ['patch', { port: 99_999 }, 'port must be at most 65535'],
    ['patch', { host: '' }, 'host is required'],
    ['patch', { password: '' }, 'password is required'],
  ] as const)('refuses %s of %j', async (method, sent, message) => {
    await expect(api[method](`/proxies/${id}`, sent)).resolves.toEqual(refused(400, message));
    await expect(api.get(`/proxies/${id}`)).resolves.toEqual(success(stored({ id, ...ACCOUNT })));
  });

  it('keeps its credentials from viewers', async () => {
    const viewer = await signInAs(api.app, 'viewer');
    const editor = await signInAs(api.app, 'editor');

    await expect(viewer.get(`/proxies/${id}`)).resolves.toEqual(success(stored({ id, auth: true })));
    expect(JSON.stringify((await viewer.get('/proxies')).body)).not.toMatch(/s3cret|bob/);
    await expect(editor.get(`/proxies/${id}`)).resolves.toEqual(success(stored({ id, ...ACCOUNT })));
  });

  it.each([NOBODY, 'abc', '%00'])('is not found as %s', async (unknown) => {
    await expect(api.get(`/proxies/${unknown}`)).resolves.toEqual(UNKNOWN);
    await expect(api.put(`/proxies/${unknown}`, body())).resolves.toEqual(UNKNOWN);
    await expect(api.patch(`/proxies/${unknown}`, {})).resolves.toEqual(UNKNOWN);
    await expect(api.delete(`/proxies/${unknown}`)).resolves.toEqual(success(null, 'Proxy deleted successfully'));
  });

  it('leaves its monitors when it is deleted', async () => {
    const monitor = await api.post('/monitors', monitorBody({ proxy_id: id.toUpperCase() }));
    expect(monitor.body.data.proxy_id).toBe(id);

    await expect(api.delete(`/proxies/${id}`)).resolves.toEqual(success(null, 'Proxy deleted successfully'));

    await expect(api.get(`/proxies/${id}`)).resolves.toEqual(UNKNOWN);
    await expect(api.get(`/monitors/${monitor.body.data.id}`)).resolves.toMatchObject({
      body: { data: { proxy_id: '' } },
    });
  });

  it('is given to a monitor, kept, and taken away', async () => {
    const monitor = (await api.post('/monitors', monitorBody())).body.data as { id: string; proxy_id: string };
    const patch = async (sent: object) =>
      (await api.patch(`/monitors/${monitor.id}`, sent)).body.data.proxy_id as string;

    expect(monitor.proxy_id).toBe('');
    await expect(patch({ proxy_id: id })).resolves.toBe(id);
    await expect(patch({ name: 'renamed' })).resolves.toBe(id);
    await expect(patch({ proxy_id: null })).resolves.toBe(id);
    const { body: list } = await api.get('/monitors?q=renamed');
    expect(list.data[0].proxy_id).toBe(id);
    await expect(patch({ proxy_id: '' })).resolves.toBe('');
    await expect(api.patch(`/monitors/${monitor.id}`, { proxy_id: NOBODY })).resolves.toEqual(
      refused(400, 'proxy_id is not the id of a proxy'),
    );
    await api.patch(`/monitors/${monitor.id}`, { proxy_id: id });
    const replaced = await api.put(`/monitors/${monitor.id}`, { ...monitorBody(), proxy_id: undefined });
    expect(replaced.body.data.proxy_id).toBe('');
  });
});

describe('GET /proxies', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  const hosts = async (query: string) =>
    ((await api.get(`/proxies${query}`)).body.data as { host: string }[]).map(({ host }) => host);

  beforeAll(async () => {
    for (const host of ['alpha.test', 'Beta.test', 'a%b.test']) {
      await api.post('/proxies', body({ host, protocol: 'socks5' }));
      clock.advance(1000);
    }
  });

  it.each([
    ['', ['a%b.test', 'Beta.test', 'alpha.test']],
    ['?limit=1&page=1', ['Beta.test']],
    ['?page=7', []],
    ['?q=BETA', ['Beta.test']],
    ['?q=%25', ['a%b.test']],
    ['?q=socks5', []],
  ])('answers %s', async (query, expected) => {
    await expect(hosts(query)).resolves.toEqual(expected);
  });

  it.each([
    ['page=x', 'Invalid page parameter'],
    ['limit=0', 'Invalid limit parameter'],
  ])('refuses %s', async (query, message) => {
    await expect(api.get(`/proxies?${query}`)).resolves.toEqual(refused(400, message));
  });
});

describe('a check through a proxy', () => {
  const api = useApi();
  let target: HttpTarget;
  let http: ProxyTarget;
  let socks: ProxyTarget;

  beforeAll(async () => {
    target = await startHttpTarget();
    http = await startHttpProxy();
    socks = await startSocksProxy({ account: 'bob:s3cret' });
  });
  afterAll(() => Promise.all([target, http, socks].map((one) => one.close())));

  const make = async (values: object) =>
    (await api.post('/proxies', body({ host: '127.0.0.1', ...values }))).body.data.id as string;
  const watch = (proxy_id: string) =>
    Watched.create(api, { type: 'http', config: httpConfig(`${target.origin}/status/200`), proxy_id });

  it('goes through it; without it, straight', async () => {
    const id = await make({ port: http.port, ...ACCOUNT });
    const monitor = await watch(id);

    expect((await monitor.seen(1)).map(({ status }) => status)).toEqual([1]);
    expect(http.asked).toEqual([`GET ${target.origin}/status/200`]);
    expect(http.credentials).toEqual([`Basic ${Buffer.from('bob:s3cret').toString('base64')}`]);

    await api.delete(`/proxies/${id}`);
    await expect(monitor.tick()).resolves.toMatchObject({ status: 1 });
    expect(http.asked).toHaveLength(1);
  });

  it('follows a change at the next check', async () => {
    const id = await make({ port: socks.port, protocol: 'socks5' });
    const monitor = await watch(id);
    const [first] = await monitor.seen(1);
    expect(first).toMatchObject({ status: 0, msg: expect.stringContaining('no acceptable authentication methods') });

    await api.patch(`/proxies/${id}`, ACCOUNT);

    await expect(monitor.tick()).resolves.toMatchObject({ status: 1 });
  });

  it('is straight with a proxy that is no more', async () => {
    const monitor = await watch('');
    await monitor.seen(1);
    await api.app.get(Store).collection(Monitor).update({ id: monitor.id }, { proxyId: NOBODY });

    await expect(monitor.tick()).resolves.toMatchObject({ status: 1 });
  });

  it('is left out with one whose password cannot be read, which is a fault of ours', async () => {
    const id = await make({ port: http.port, ...ACCOUNT });
    await api.app.get(Store).collection(Proxy).update({ id }, { password: 'v1:nonsense' });

    await expect(api.app.get(ProxyDirectory).find([id])).resolves.toEqual(new Map([[id, null]]));
  });
});
