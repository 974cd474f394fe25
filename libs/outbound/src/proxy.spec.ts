import type { ProxyProtocol, ProxySettings } from '@app/core';
import {
  Authority,
  closedPort,
  startHttpProxy,
  startHttpTarget,
  startSocksProxy,
  startTcpTarget,
} from '../../../test/support/targets';
import type { HttpTarget, Listening, ProxyTarget } from '../../../test/support/targets';
import { createOutbound } from './outbound';
import { parseTargetPolicy } from './target-policy';
import type { HttpRequest } from './types';

const HOSTS = { 'shop.internal': '127.0.0.1' }; // nobody else knows it
const SOCKS: ProxyProtocol[] = ['socks', 'socks4', 'socks5', 'socks5h'];

let authority: Authority;
let plain: HttpTarget;
let secure: HttpTarget;
let http: ProxyTarget;
let https: ProxyTarget;
let socks: ProxyTarget;
let guarded: ProxyTarget;
const more: Listening[] = [];

beforeAll(async () => {
  authority = await Authority.create();
  plain = await startHttpTarget();
  secure = await startHttpTarget({
    tls: await authority.issue({ names: ['shop.internal', 'localhost', '127.0.0.1'] }),
  });
  http = await startHttpProxy({ hosts: HOSTS });
  https = await startHttpProxy({ hosts: HOSTS, tls: await authority.issue() });
  socks = await startSocksProxy({ hosts: HOSTS });
  guarded = await startSocksProxy({ account: 'u:p' });
});
afterAll(() =>
  Promise.all([plain, secure, http, https, socks, guarded, ...more.splice(0)].map((target) => target.close())),
);
beforeEach(() => {
  for (const { seen } of [plain, secure]) seen.splice(0);
  for (const { asked, credentials } of [http, https, socks, guarded])
    [asked, credentials].map((list) => list.splice(0));
});

const via = (protocol: ProxyProtocol, { port }: { port: number }, account = {}): ProxySettings => ({
  protocol,
  host: '127.0.0.1',
  port,
  ...account,
});
const ACCOUNT = { username: 'u', password: 'p' };

function get(
  url: string,
  proxy: ProxySettings,
  { policy = '', ...request }: Partial<HttpRequest> & { policy?: string } = {},
) {
  const outbound = createOutbound({ extraRoots: [authority.identity.cert], policy: parseTargetPolicy(policy) });
  return outbound.http({ url: new URL(url), proxy, signal: AbortSignal.timeout(10_000), ...request });
}
const local = (target: HttpTarget, path: string) => `${target.origin}${path}`;

describe('through an HTTP proxy', () => {
  it('a request without encryption names its whole URL', async () => {
    const response = await get(local(plain, '/status/200?q=1'), via('http', http, ACCOUNT));

    expect(response.status).toBe(200);
    expect(http.asked).toEqual([`GET ${plain.origin}/status/200?q=1`]);
    expect(http.credentials).toEqual(['Basic dTpw']);
  });

  it('an encrypted one goes through a tunnel, and the proxy sees nothing of it', async () => {
    const response = await get(local(secure, '/status/200'), via('http', http, ACCOUNT));

    expect(response).toMatchObject({ status: 200, certificate: { valid: true } });
    expect(http.asked).toEqual([`CONNECT 127.0.0.1:${secure.port}`]);
    expect(http.credentials).toEqual(['Basic dTpw']);
    expect(secure.seen[0]!.headers).not.toHaveProperty('proxy-authorization');
  });

  it('over TLS to the proxy', async () => {
    await expect(get(local(plain, '/status/200'), via('https', https))).resolves.toMatchObject({ status: 200 });
    await expect(get(local(secure, '/status/200'), via('https', https))).resolves.toMatchObject({ status: 200 });
    expect(https.asked).toEqual([`GET ${plain.origin}/status/200`, `CONNECT 127.0.0.1:${secure.port}`]);
    expect(https.credentials).toEqual(['', '']);
  });

  it('the proxy resolves names', async () => {
    await expect(get(`http://shop.internal:${plain.port}/status/200`, via('http', http))).resolves.toMatchObject({
      status: 200,
    });
    await expect(get(`https://shop.internal:${secure.port}/status/200`, via('http', http))).resolves.toMatchObject({
      status: 200,
    });
  });

  it('redirects go through it, too, each in its own way', async () => {
    const response = await get(local(plain, '/redirect/2'), via('http', http), { maxRedirects: 3 });

    expect(response.redirects).toBeGreaterThan(0);
    expect(http.asked).toHaveLength(response.redirects + 1);
  });

  it('its refusal is the answer to a request without encryption, and the reason of a tunnel’s failure', async () => {
    const refusing = await startHttpProxy({ refuses: 407 });
    more.push(refusing);

    await expect(get(local(plain, '/'), via('http', refusing))).resolves.toMatchObject({ status: 407 });
    await expect(get(local(secure, '/'), via('http', refusing))).rejects.toThrow(/^Proxy Authentication Required$/);
    expect(secure.seen).toEqual([]);
  });

  it.each([
    ['closes', (socket: { end(): unknown }) => void socket.end(), 'unexpected EOF'],
    [
      'speaks something else',
      (socket: { end(text: string): unknown }) => void socket.end('SSH-2.0-x\r\n\r\n'),
      'malformed HTTP response from the proxy',
    ],
    [
      'speaks without end',
      (socket: { write(text: string): unknown }) => void socket.write('x'.repeat(20_000)),
      'the answer is too long',
    ],
  ])('a proxy that %s', async (_, serve, message) => {
    const strange = await startTcpTarget((socket) => void socket.once('data', () => serve(socket)));
    more.push(strange);

    await expect(get(local(secure, '/'), via('http', strange))).rejects.toThrow(message);
  });

  it('one that nobody listens for, or whose certificate nobody vouches for', async () => {
    const port = await closedPort();
    await expect(get(local(plain, '/'), via('http', { port }))).rejects.toThrow(
      `proxyconnect tcp: dial tcp 127.0.0.1:${port}: connect: connection refused`,
    );
    const outbound = createOutbound();
    const request = { url: new URL(local(plain, '/status/200')), signal: AbortSignal.timeout(10_000) };
    await expect(outbound.http({ ...request, proxy: via('https', https) })).rejects.toThrow(
      'proxyconnect tcp: tls: failed to verify certificate: x509: certificate signed by unknown authority',
    );
    await expect(
      outbound.http({ ...request, proxy: via('https', https), tls: { insecure: true } }),
    ).resolves.toMatchObject({ status: 200 });
  });
});

describe('through a SOCKS proxy', () => {
  it.each(SOCKS)('%s: with and without encryption, to addresses and to names that only it knows', async (protocol) => {
    for (const url of [
      local(plain, '/status/200'),
      local(secure, '/status/200'),
      `http://shop.internal:${plain.port}/status/200`,
      `https://shop.internal:${secure.port}/status/200`,
    ]) {
      await expect(get(url, via(protocol, socks))).resolves.toMatchObject({ status: 200 });
    }
    expect(plain.seen[0]).toMatchObject({ path: '/status/200' });
  });

  it('says what version 5 says, and what version 4 says', async () => {
    const port = plain.port.toString(16).padStart(4, '0');
    await get(local(plain, '/status/200'), via('socks5', socks));
    await get(local(plain, '/status/200'), via('socks4', socks, ACCOUNT));

    expect(socks.asked).toEqual(['050100', `050100017f000001${port}`, `0401${port}7f0000017500`]);
  });

  it('shows its credentials when it is asked', async () => {
    await expect(get(local(plain, '/status/200'), via('socks5', guarded, ACCOUNT))).resolves.toMatchObject({
      status: 200,
    });
    await expect(get(local(plain, '/'), via('socks5', guarded, { ...ACCOUNT, password: 'x' }))).rejects.toThrow(
      `socks connect tcp 127.0.0.1:${guarded.port}->127.0.0.1:${plain.port}: username/password authentication failed`,
    );
    await expect(get(local(plain, '/'), via('socks5', guarded))).rejects.toThrow(
      'no acceptable authentication methods',
    );
  });

  it.each([
    ['socks5', 2, 'unknown error connection not allowed by ruleset'],
    ['socks5', 99, 'unknown error code 99'],
    ['socks4', 0, 'unknown error code 91'],
  ] as const)('%s: refused with %d', async (protocol, refuses, message) => {
    const refusing = await startSocksProxy({ refuses });
    more.push(refusing);

    await expect(get(local(plain, '/'), via(protocol, refusing))).rejects.toThrow(message);
  });

  it('one that nobody listens for', async () => {
    const port = await closedPort();

    await expect(get(local(plain, '/'), via('socks5', { port }))).rejects.toThrow(
      `socks connect tcp 127.0.0.1:${port}->127.0.0.1:${plain.port}: dial tcp 127.0.0.1:${port}: connect: connection refused`,
    );
  });
});

describe('the deadline and the target policy', () => {
  it.each(['http', 'socks4', 'socks5'] as const)(
    'a silent %s proxy costs no more than the deadline',
    async (protocol) => {
      const silent = await startTcpTarget();
      more.push(silent);

      await expect(
        get(local(secure, '/'), via(protocol, silent), { signal: AbortSignal.timeout(100) }),
      ).rejects.toThrow('context deadline exceeded');
    },
  );

  it.each(['http', 'socks5'] as const)('%s: the proxy’s own address is judged', async (protocol) => {
    const proxy = { ...via(protocol, http), host: '169.254.169.254' };

    await expect(get(local(plain, '/'), proxy)).rejects.toThrow('169.254.169.254 is refused by the target policy');
  });

  it.each(['http', 'socks5h'] as const)('%s: so is an address in the URL, however it is spelt', async (protocol) => {
    const proxy = via(protocol, protocol === 'http' ? http : socks);

    for (const host of ['169.254.169.254', '0xa9fea9fe', '[::ffff:169.254.169.254]']) {
      await expect(get(`http://${host}/latest`, proxy)).rejects.toThrow('is refused by the target policy');
    }
    expect([...http.asked, ...socks.asked]).toEqual([]);
  });

  it('a name is the proxy’s to resolve', async () => {
    const deny = { policy: 'allow:127.0.0.1,deny:all' };

    await expect(get(`http://shop.internal:${plain.port}/status/200`, via('http', http), deny)).resolves.toMatchObject({
      status: 200,
    });
  });
});
