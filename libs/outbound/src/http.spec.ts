import { connect } from 'node:net';
import { Authority, closedPort, selfSigned, startHttpTarget, startTcpTarget } from '../../../test/support/targets';
import type { HttpTarget, Identity, Listening } from '../../../test/support/targets';
import { createOutbound } from './outbound';
import { parseTargetPolicy } from './target-policy';
import { secureContext } from './tls';
import { HttpError } from './types';
import type { HttpRequest } from './types';

const outbound = createOutbound();
const signal = new AbortController().signal;
const get = (url: string, more: Partial<HttpRequest> = {}) => outbound.http({ url: new URL(url), signal, ...more });

/** What a request that must fail has to say. */
async function failureOf(request: Promise<unknown>): Promise<HttpError> {
  const error: unknown = await request.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HttpError);
  return error as HttpError;
}

let target: HttpTarget;
let nobody: number;
beforeAll(async () => {
  nobody = await closedPort();
  target = await startHttpTarget({ closedPort: nobody });
});
beforeEach(() => target.seen.splice(0));
afterAll(() => target.close());

describe('a request', () => {
  it('is answered', async () => {
    const response = await get(`${target.origin}/reason`);

    expect(response).toEqual({
      status: 200,
      statusText: 'All Good',
      headers: expect.objectContaining({ 'transfer-encoding': 'chunked' }),
      body: Buffer.from('fine'),
      latencyMs: expect.any(Number),
      redirects: 0,
    });
  });

  it('has defaults that the caller may replace, in any case', async () => {
    await get(`${target.origin}/echo`);
    await get(`${target.origin}/echo`, { headers: { 'User-AGENT': 'mine', Host: 'shop.example', 'X-Ü': 'no' } }).catch(
      () => undefined,
    );
    await get(`${target.origin}/echo`, { headers: { 'User-AGENT': 'mine', Host: 'shop.example', 'x-city': 'Zürich' } });

    expect(target.seen.map(({ headers }) => headers)).toEqual([
      {
        host: `127.0.0.1:${target.port}`,
        connection: 'keep-alive',
        'user-agent': 'peekaping/0.0.46',
        accept: '*/*',
        'accept-encoding': 'gzip',
      },
      {
        host: 'shop.example',
        connection: 'keep-alive',
        'user-agent': 'mine',
        accept: '*/*',
        'accept-encoding': 'gzip',
        'x-city': Buffer.from('Zürich').toString('latin1'),
      },
    ]);
  });

  it('frames its body itself, whatever the caller says', async () => {
    const headers = {
      'content-length': '999',
      'transfer-encoding': 'chunked',
      connection: 'close',
      expect: '100-continue',
    };

    await get(`${target.origin}/echo`, { method: 'GET', body: 'text', headers });

    expect(target.seen).toMatchObject([{ body: 'text', headers: { 'content-length': '4', connection: 'keep-alive' } }]);
  });

  it.each([
    ['x y', 'v', 'net/http: invalid header field name "x y"'],
    ['x-a', 'one\r\nx-b: two', 'net/http: invalid header field value for "x-a"'],
    ['x-a', 'nul\0', 'net/http: invalid header field value for "x-a"'],
  ])('refuses the header %j: %j', async (name, value, text) => {
    const failure = await failureOf(get(target.origin, { headers: { [name]: value } }));

    expect(failure.message).toBe(text);
    expect(target.seen).toEqual([]);
  });

  it('sends the credentials of its URL, and masks them in errors', async () => {
    await expect(get(`http://probe:s3cret@127.0.0.1:${target.port}/basic`)).resolves.toMatchObject({ status: 200 });

    const failure = await failureOf(get(`http://probe:s3cret@127.0.0.1:${nobody}/basic`));
    expect(failure.at).toBe(`http://probe:***@127.0.0.1:${nobody}/basic`);
    const lone = await failureOf(get(`http://t0ken@127.0.0.1:${nobody}/`));
    expect(lone.at).toBe(`http://***@127.0.0.1:${nobody}/`);
  });

  it('joins repeated headers and passes over interim responses', async () => {
    await expect(get(`${target.origin}/headers`)).resolves.toMatchObject({ headers: { 'set-cookie': 'a=1, b=2' } });
    await expect(get(`${target.origin}/early`)).resolves.toMatchObject({
      status: 200,
      body: Buffer.from('after the hints'),
    });
  });

  it('says what the length of its body is, where one is expected', async () => {
    await get(`${target.origin}/echo`, { method: 'POST' });
    await get(`${target.origin}/echo`, { method: 'PUT', body: 'Zürich' });
    await get(`${target.origin}/echo`, { method: 'DELETE' });

    expect(target.seen.map(({ headers, body }) => [headers?.['content-length'], body])).toEqual([
      ['0', ''],
      ['7', 'Zürich'],
      [undefined, ''],
    ]);
  });

  it('may ask for another protocol', async () => {
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };

    await expect(get(`${target.origin}/socket`, { headers })).resolves.toMatchObject({
      status: 101,
      statusText: 'Switching Protocols',
    });
    await expect(get(`${target.origin}/socket`)).resolves.toMatchObject({ status: 426 });
  });
});

describe('a body', () => {
  it.each(['/gzip', '/deflate', '/rawdeflate', '/br'])('is decoded: %s', async (path) => {
    await expect(get(target.origin + path)).resolves.toMatchObject({ body: Buffer.from('All systems operational') });
  });

  it('is left as it is for a caller that asked for an encoding', async () => {
    const { body } = await get(`${target.origin}/gzip`, { headers: { 'Accept-Encoding': 'gzip' } });

    expect(body.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  });

  it.each(['/big', '/bomb'])('is read up to the cap: %s', async (path) => {
    const { body } = await get(target.origin + path, { maxBodyBytes: 1000 });

    expect(body.toString()).toBe('a'.repeat(1000));
  });

  it('is not waited for when nobody wants it', async () => {
    const wantsBody = jest.fn(() => false);

    await expect(get(`${target.origin}/hangbody`, { wantsBody })).resolves.toMatchObject({
      status: 200,
      body: Buffer.alloc(0),
    });
    expect(wantsBody).toHaveBeenCalledWith(200);
  });

  it.each(['/drop', '/badgzip'])('that breaks off is told from a request that failed: %s', async (path) => {
    const failure = await failureOf(get(target.origin + path));

    expect(failure).toMatchObject({ message: 'unexpected EOF', phase: 'body', at: target.origin + path });
  });

  it('that never ends is given up at the deadline, with the latency of the headers', async () => {
    const failure = await failureOf(get(`${target.origin}/hangbody`, { signal: AbortSignal.timeout(300) }));

    expect(failure).toMatchObject({ message: 'context deadline exceeded', phase: 'body' });
    expect(failure.latencyMs).toBeLessThan(300);
  });
});

describe('a redirect', () => {
  it('is not followed unless asked for', async () => {
    await expect(get(`${target.origin}/redirect/1`)).resolves.toMatchObject({
      status: 302,
      redirects: 0,
      headers: { location: '/redirect/0' },
    });
  });

  it('is followed as often as allowed', async () => {
    await expect(get(`${target.origin}/redirect/2`, { maxRedirects: 2 })).resolves.toMatchObject({
      status: 200,
      redirects: 2,
    });

    const failure = await failureOf(get(`${target.origin}/redirect/3`, { maxRedirects: 2 }));
    expect(failure).toMatchObject({
      message: 'too many redirects: followed 3 redirects, maximum allowed is 2',
      at: '/redirect/0',
    });
  });

  it('does not carry credentials to another host', async () => {
    const headers = { authorization: 'Bearer t', 'x-kept': 'yes' };

    await get(`${target.origin}/otherhost`, { headers, maxRedirects: 1 });

    expect(target.seen[1]!.headers).toMatchObject({ 'x-kept': 'yes', host: `localhost:${target.port}` });
    expect(target.seen[1]!.headers).not.toHaveProperty('authorization');
  });

  it.each([
    ['/metadata', 'dial tcp: 169.254.169.254 is refused by the target policy'],
    ['/ftploc', 'unsupported protocol scheme "ftp"'],
  ])('to where we must not go is refused: %s', async (path, message) => {
    await expect(failureOf(get(target.origin + path, { maxRedirects: 5 }))).resolves.toMatchObject({ message });
  });
});

describe('a failure', () => {
  it.each([
    ['/destroy', 'EOF'],
    ['/reset', expect.stringMatching(/^read tcp 127\.0\.0\.1:\d+->127\.0\.0\.1:\d+: read: connection reset by peer$/)],
  ])('is told as deployments know it: %s', async (path, message) => {
    await expect(failureOf(get(target.origin + path))).resolves.toMatchObject({ message, phase: 'request' });
  });

  it.each([
    ['SSH-2.0-OpenSSH_9.2\r\n', 'malformed HTTP response "SSH-2.0-OpenSSH_9.2"'],
    ['HTTP/1.1 abc\r\n\r\n', 'malformed HTTP response: Invalid status code'],
    ['HTTP/1.1 101 Switching\r\n\r\n', 'unexpected switch of protocols'],
    ['HTTP/1.1 200 OK\r\nno colon\r\n\r\n', 'malformed HTTP response: Invalid header token'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 1x\r\n\r\n', 'malformed HTTP response: Invalid character in Content-Length'],
  ])('of the protocol is told: %j', async (answer, text) => {
    const server = await startTcpTarget((socket) => socket.end(answer));

    const failure = await failureOf(get(`http://127.0.0.1:${server.port}/`));

    expect(failure.message).toBe(`net/http: HTTP/1.x transport connection broken: ${text}`);
    await server.close();
  });

  it('at the deadline says so, while connecting is over and nothing comes', async () => {
    const server = await startTcpTarget();

    const failure = await failureOf(get(`http://127.0.0.1:${server.port}/`, { signal: AbortSignal.timeout(200) }));

    expect(failure).toMatchObject({ message: 'context deadline exceeded', phase: 'request' });
    expect(failure.latencyMs).toBeGreaterThanOrEqual(150);
    await server.close();
  });

  it('of a signal that was aborted before costs no connection', async () => {
    const failure = await failureOf(
      get(target.origin, { signal: AbortSignal.abort(new DOMException('', 'TimeoutError')) }),
    );

    expect(failure.message).toBe('context deadline exceeded');
    expect(target.seen).toEqual([]);
  });
});

describe('the target policy', () => {
  const strict = createOutbound({ policy: parseTargetPolicy('deny:loopback') });

  it.each([
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '0.0.0.0',
    '0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
    'localhost',
    'LOCALHOST',
    '①②⑦.0.0.1',
    'example.com@127.0.0.1',
    'user:example.com@127.0.0.1',
  ])('is not fooled by http://%s/', async (authority) => {
    const url = new URL(`http://${authority.replace(/(.*@|^)(.*)/, `$1$2:${target.port}`)}/`);

    const failure = await failureOf(strict.http({ url, signal }));

    expect(failure.message).toMatch(/is refused by the target policy$/);
    expect(target.seen).toEqual([]);
  });

  it('is asked again at every hop', async () => {
    const lookup = jest
      .fn()
      .mockResolvedValueOnce([{ address: '127.0.0.1' }])
      .mockResolvedValueOnce([{ address: '169.254.169.254' }]);
    const rebinding = createOutbound({ lookup });
    const url = new URL(`http://rebinding.test:${target.port}/redirect/1`);

    const failure = await failureOf(rebinding.http({ url, signal, maxRedirects: 1 }));

    expect(failure.message).toBe('dial tcp: 169.254.169.254 is refused by the target policy');
    expect(target.seen).toHaveLength(1);
  });
});

describe('https', () => {
  let authority: Authority;
  let trusting: ReturnType<typeof createOutbound>;
  beforeAll(async () => {
    authority = await Authority.create();
    trusting = createOutbound({ extraRoots: [authority.identity.cert] });
  });

  async function withTarget<T>(identity: Identity, run: (target: HttpTarget) => Promise<T>, more = {}): Promise<T> {
    const secured = await startHttpTarget({ tls: { ...identity, ...more } });
    return run(secured).finally(() => secured.close());
  }

  it('brings the certificate of a server that is trusted', async () => {
    const response = await withTarget(await authority.issue(), ({ origin }) =>
      trusting.http({ url: new URL(origin), signal }),
    );

    expect(response.certificate).toMatchObject({ valid: true, certInfo: { subject: 'CN=localhost,O=Shop Ltd,C=NL' } });
  });

  it.each<[string, () => Promise<Identity>, string]>([
    ['is unknown', () => selfSigned(), 'certificate signed by unknown authority'],
    [
      'is for another host',
      () => authority.issue({ names: ['a.example', '192.0.2.1'] }),
      'certificate is valid for 192.0.2.1, not 127.0.0.1',
    ],
    [
      'has no address',
      () => authority.issue({ names: ['a.example'] }),
      "cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs",
    ],
    [
      'has no names',
      () => authority.issue({ names: [] }),
      'certificate relies on legacy Common Name field, use SANs instead',
    ],
    [
      'has expired',
      () =>
        authority.issue({ notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2026-02-01T00:00:00Z') }),
      'is after 2026-02-01T00:00:00Z',
    ],
    [
      'is not valid yet',
      () =>
        authority.issue({ notBefore: new Date('2096-01-01T00:00:00Z'), notAfter: new Date('2096-02-01T00:00:00Z') }),
      'is before 2096-01-01T00:00:00Z',
    ],
  ])('refuses a certificate that %s, and brings it all the same', async (_, identity, text) => {
    const failure = await withTarget(await identity(), ({ origin }) =>
      failureOf(trusting.http({ url: new URL(origin), signal })),
    );

    expect(failure.message).toMatch(/^tls: failed to verify certificate: x509: /);
    expect(failure.message).toContain(text);
    expect(failure.certificate).toMatchObject({ valid: false, certInfo: { version: 3 } });
  });

  it('compares the name in the URL, wildcards included', async () => {
    const identity = await authority.issue({ names: ['*.shop.example', 'shop.example'] });
    const lookup = () => Promise.resolve([{ address: '127.0.0.1' }]);
    const named = createOutbound({ lookup, extraRoots: [authority.identity.cert] });

    await withTarget(identity, async ({ port }) => {
      const ask = (host: string) => named.http({ url: new URL(`https://${host}:${port}/`), signal });
      await expect(ask('www.shop.example')).resolves.toMatchObject({ status: 200 });
      await expect(failureOf(ask('a.b.shop.example'))).resolves.toMatchObject({
        message:
          'tls: failed to verify certificate: x509: ' +
          'certificate is valid for *.shop.example, shop.example, not a.b.shop.example',
      });
    });
  });

  it('accepts any certificate when told so, and does not call it valid', async () => {
    const response = await withTarget(await selfSigned(), ({ origin }) =>
      outbound.http({ url: new URL(origin), signal, tls: { insecure: true } }),
    );

    expect(response).toMatchObject({
      status: 200,
      certificate: { valid: false, certInfo: { certType: 'self-signed' } },
    });
  });

  it('shows a client certificate', async () => {
    const client = await authority.issue({ commonName: 'probe' });
    const context = secureContext({ ...client, ca: authority.identity.cert });
    const demands = { ca: authority.identity.cert, requestCert: true, rejectUnauthorized: true };

    const seen = await withTarget(
      await authority.issue(),
      async ({ origin, seen }) => {
        await outbound.http({ url: new URL(origin), signal, tls: { secureContext: context } });
        return seen;
      },
      demands,
    );

    expect(seen).toMatchObject([{ client: 'probe' }]);
  });

  it('keeps the certificate of an encrypted hop when the last one was not', async () => {
    const response = await withTarget(await authority.issue(), ({ origin }) =>
      trusting.http({ url: new URL(`${origin}/absloc`), signal, maxRedirects: 1 }),
    ).catch((error: unknown) => error as HttpError);

    expect(response.certificate).toMatchObject({ valid: true });
  });

  it('tells a server that speaks plain HTTP, and one that hangs up', async () => {
    const plain = await failureOf(get(`https://127.0.0.1:${target.port}/`));
    expect(plain.message).toBe('http: server gave HTTP response to HTTPS client');

    const server: Listening = await startTcpTarget((socket) => socket.end());
    const silent = await failureOf(get(`https://127.0.0.1:${server.port}/`));
    expect(silent.message).toBe('EOF');
    await server.close();
  });

  it('tells a broken record at once, also one that comes together with the end of the handshake', async () => {
    const secured = await startHttpTarget({ tls: { ...(await authority.issue()), maxVersion: 'TLSv1.2' } });
    const between = await startTcpTarget((socket) => {
      const behind = connect(secured.port, '127.0.0.1');
      let flights = 0;
      socket.on('data', (data) => void (flights++, behind.write(data)));
      behind.on('data', (data) =>
        socket.write(flights < 2 ? data : Buffer.concat([data, Buffer.from('1703030001ff', 'hex')])),
      );
      socket.on('close', () => behind.destroy());
    });

    const failure = await failureOf(trusting.http({ url: new URL(`https://127.0.0.1:${between.port}/`), signal }));

    expect(failure.message).toMatch(/^tls: /);
    expect(failure.certificate).toMatchObject({ valid: true });
    await Promise.all([between.close(), secured.close()]);
  });

  it('tells what a server has against the handshake', async () => {
    const failure = await withTarget(
      await authority.issue(),
      ({ origin }) => failureOf(trusting.http({ url: new URL(origin), signal })),
      { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
    );

    expect(failure.message).toBe('remote error: tls: protocol version');
  });
});

describe('a challenge', () => {
  it('is answered on the connection that posed it, and by the host that was meant', async () => {
    const answers = ['Bearer tok-0', 'Bearer tok-1'];
    const answerChallenge = jest.fn(() => answers.shift() ?? null);

    const response = await get(`${target.origin}/bearer`, { answerChallenge, wantsBody: (status) => status === 200 });

    expect(response).toMatchObject({ status: 200, body: Buffer.from('in') });
    expect(answerChallenge.mock.calls).toEqual([['Bearer'], ['Bearer']]);
  });

  it('is answered on a new connection when its server hangs up', async () => {
    const answers = ['HTTP/1.1 401 No\r\ncontent-length: 4\r\n\r\nno', 'HTTP/1.1 200 OK\r\n\r\nin'];
    const requests: string[] = [];
    const server = await startTcpTarget((socket) => {
      socket.once('data', (data) => {
        requests.push(data.toString());
        socket.end(answers.shift()!);
      });
    });

    const response = await get(`http://127.0.0.1:${server.port}/`, { answerChallenge: () => 'Basic cHJvYmU=' });

    expect(response).toMatchObject({ status: 200, body: Buffer.from('in') });
    expect(requests[1]).toContain('authorization: Basic cHJvYmU=');
    await server.close();
  });

  it('that is not answered is the response', async () => {
    await expect(get(`${target.origin}/bearer`, { answerChallenge: () => null })).resolves.toMatchObject({
      status: 401,
    });
  });
});
