import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { useApi } from '../support/api';
import { NOT_FOUND, refused, success } from '../support/wire';

const MIB = 1024 * 1024;
const CLIENT = 'https://status.example.org';

describe('routes', () => {
  const api = useApi();

  it.each([
    ['GET', '/api/v1/nope'],
    ['GET', '/'],
    ['GET', '/api/v1'],
    ['GET', '/api/v1/'],
    ['GET', '/api/v1/tags/'],
    ['GET', '/api/v1/Tags'],
    ['GET', '/API/v1/tags'],
    ['GET', '/api/v1//tags'],
    ['GET', '//api/v1/tags'],
    ['GET', '/api/v1/x/../tags'],
    ['GET', '/api/v1/tags/a%2Fb'],
    ['GET', '/nope/a%2Fb'],
    ['GET', '/api/v1/tags/x/y/z'],
    ['GET', '/api/v1/tags/%ZZ'],
    ['GET', '/api/v1/tags/%'],
    ['GET', '/api/v1/tags/%E0%A4%A'],
    ['GET', '/api/v1/tags/%c0%af'],
    ['PATCH', '/api/v1/tags'],
    ['POST', '/health'],
    ['DELETE', '/api/v1/monitors'],
    ['GET', '/api/v1/monitors/x/reset'],
    ['POST', '/api/v1/monitors/x/heartbeats'],
    ['OPTIONS', '/api/v1/tags'],
    ['TRACE', '/api/v1/tags'],
    ['PROPFIND', '/api/v1/tags'],
    ['GET', '/health/'],
    ['GET', '/metrics'],
    ['GET', '/swagger'],
    ['GET', '/swagger/nope'],
  ])('answer %s %s with 404 in the envelope, without credentials', async (method, path) => {
    const answer = await api.as(undefined).send({ method, path });

    expect(answer).toEqual(NOT_FOUND);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it.each(['/health', '/api/v1/tags', '/api/v1/version', '/nope'])('do not know HEAD %s', async (path) => {
    await expect(api.send({ method: 'HEAD', path })).resolves.toMatchObject({ status: 404 });
  });

  it('take ids of 2,000 characters', async () => {
    await expect(api.get(`/tags/${'a'.repeat(2000)}`)).resolves.toEqual(refused(404, 'Tag not found'));
    await expect(api.get(`/tags/${'a'.repeat(3000)}`)).resolves.toEqual(NOT_FOUND);
  });
});

describe('bodies', () => {
  const api = useApi();
  let names = 0;
  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    api.send({ method: 'POST', path: '/api/v1/tags', text: body, headers });
  const fresh = () => `{"name":"tag ${++names}","color":"#fff"}`;

  it.each([
    undefined,
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'nonsense',
    '',
  ])('are JSON, although the content type is %j', async (type) => {
    await expect(post(fresh(), type === undefined ? {} : { 'content-type': type })).resolves.toMatchObject({
      status: 201,
    });
  });

  it.each([
    ['an empty body', ''],
    ['a truncated one', '{"name":"x"'],
    ['a list', '[]'],
    ['text', '"x"'],
    ['a number', '1'],
    ['single quotes', "{'name':'x'}"],
    ['a byte-order mark', '\ufeff{"name":"x","color":"#fff"}'],
    ['compressed bytes', Buffer.from('1f8b08', 'hex')],
    ['a line feed in a string', '{"name":"a\nb","color":"#fff"}'],
    ['brackets that never end', '['.repeat(100_000)],
  ])('are refused: %s', async (_, body) => {
    await expect(post(body)).resolves.toEqual(refused(400, 'Invalid request body'));
  });

  it('may be null, which is an empty object', async () => {
    await expect(post('null')).resolves.toEqual(refused(400, 'name is required; color is required'));
    await expect(api.send({ method: 'POST', path: '/api/v1/monitors', text: 'null' })).resolves.toMatchObject({
      status: 400,
    });
    await expect(
      api.send({ method: 'POST', path: '/api/v1/notification-channels', text: 'null' }),
    ).resolves.toMatchObject({ status: 400 });
    await expect(
      api.send({ method: 'POST', path: '/api/v1/notification-channels/test', text: 'null' }),
    ).resolves.toMatchObject({ status: 400 });
  });

  it('end with the first JSON value; of a repeated key the last counts; keys match in any letter case', async () => {
    await expect(post('{"name":"first","NAME":"second","color":"#f00","color":"#fff"} rest {')).resolves.toMatchObject({
      status: 201,
      body: { data: { name: 'first', color: '#fff' } },
    });
  });

  it('lose NUL, and keep a replacement for half a surrogate pair and for bytes that are no UTF-8', async () => {
    const answers = [
      await post('{"name":"x\\u0000y\\ud800z","color":"#fff"}'),
      await post(Buffer.from('{"name":"bytes \xff\xfe","color":"#fff"}', 'latin1')),
    ];

    expect(answers.map(({ body }) => body.data.name as string)).toEqual(['xy\ufffdz', 'bytes \ufffd\ufffd']);
    for (const { body } of answers) {
      await expect(api.get(`/tags/${body.data.id}`)).resolves.toMatchObject({ body: { data: body.data } });
    }
  });

  it('keep blanks, markup and every script', async () => {
    const name = ' <a>&b \u2028 漢字 😀 ';

    await expect(api.post('/tags', { name, color: '#fff' })).resolves.toMatchObject({
      status: 201,
      body: { data: { name } },
    });
  });

  it('name the prototype without touching it', async () => {
    await expect(
      post('{"__proto__":{"name":"evil"},"constructor":{"prototype":{"x":1}},"color":"#fff"}'),
    ).resolves.toEqual(refused(400, 'name is required'));
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it('have up to 1 MiB, and not one byte more', async () => {
    const padded = (size: number) => {
      const head = `{"name":"tag ${++names}","color":"#fff","pad":"`;
      return `${head}${'x'.repeat(size - head.length - 2)}"}`;
    };

    await expect(post(padded(MIB))).resolves.toMatchObject({ status: 201 });
    await expect(post(padded(MIB + 1))).resolves.toEqual(refused(413, 'The request body is larger than 1 MiB'));
  });

  it('are ignored on GET and DELETE', async () => {
    const headers = { 'content-type': 'application/json' };

    await expect(api.send({ method: 'GET', path: '/api/v1/tags?q=zzz', text: '{', headers })).resolves.toEqual(
      success([]),
    );
    await expect(api.send({ method: 'DELETE', path: '/api/v1/tags/x', text: '{', headers })).resolves.toMatchObject({
      status: 200,
    });
  });
});

describe('queries', () => {
  const api = useApi();
  beforeAll(async () => {
    for (const name of ['a', 'b', 'c']) await api.post('/tags', { name, color: '#fff' });
  });

  it.each<[string, string[] | number]>([
    ['page=', ['a', 'b', 'c']],
    ['page=%2B1&limit=2', ['c']],
    ['page=+1', 400],
    ['page= 1', 400],
    ['page=007', []],
    ['page=0&page=x', ['a', 'b', 'c']],
    ['page=1;limit=1', ['a', 'b', 'c']],
    ['limit=1;page=1&limit=2', ['a', 'b']],
    ['page=%ZZ&limit=1', ['a']],
    ['%ZZ=1&limit=1', ['a']],
    ['limit=1%zz&limit=2', ['a', 'b']],
    ['unknown=1&limit=1', ['a']],
    ['&&limit=1&&', ['a']],
    ['limit', ['a', 'b', 'c']],
    ['=1', ['a', 'b', 'c']],
    ['__proto__=1&constructor=2&limit=1', ['a']],
    ['q[]=b&q[x]=b', ['a', 'b', 'c']],
    ['limit=0x1', 400],
    ['limit=1e1', 400],
    ['page=99999999999999999999', 400],
    ['page=9223372036854775807', []],
    ['limit=9223372036854775807', ['a', 'b', 'c']],
  ])('answer %j', async (query, expected) => {
    const { status, body } = await api.get(`/tags?${query.replace(' ', '%20')}`);

    if (typeof expected === 'number') expect(status).toBe(expected);
    else expect((body.data as { name: string }[]).map(({ name }) => name)).toEqual(expected);
  });
});

describe('CORS', () => {
  const api = useApi({ env: { CLIENT_URL: `http://localhost:3000,${CLIENT}` } });
  const anyone = () => api.as(undefined);
  const corsOf = (headers: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));

  it.each(['/health', '/api/v1/tags', '/nope'])('lets an origin of CLIENT_URL read %s', async (path) => {
    const { headers } = await anyone().send({ method: 'GET', path, headers: { origin: CLIENT } });

    expect(corsOf(headers)).toEqual({
      'access-control-allow-origin': CLIENT,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'Authorization, RateLimit, RateLimit-Policy, Retry-After',
    });
    expect(headers.vary).toContain('Origin');
  });

  it.each(['http://evil.test', 'null', 'status.example.org', `${CLIENT}.evil.test`, `${CLIENT}:8443`])(
    'tells nothing to %s',
    async (origin) => {
      const get = await anyone().send({ method: 'GET', path: '/health', headers: { origin } });
      const preflight = await anyone().send({
        method: 'OPTIONS',
        path: '/api/v1/tags',
        headers: { origin, 'access-control-request-method': 'PUT' },
      });

      expect(get.status).toBe(200);
      expect(get.headers['access-control-allow-origin']).toBeUndefined();
      expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  it('is for other origins only: OPTIONS from the own one has no route', async () => {
    const origin = api.app.url;

    await expect(anyone().send({ method: 'OPTIONS', path: '/api/v1/tags', headers: { origin } })).resolves.toEqual(
      NOT_FOUND,
    );
  });

  it('answers a preflight, and lets clients send X-API-Key', async () => {
    const answer = await anyone().send({
      method: 'OPTIONS',
      path: '/api/v1/tags',
      headers: {
        origin: CLIENT,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'x-api-key,content-type',
      },
    });

    expect(answer.status).toBe(204);
    expect(corsOf(answer.headers)).toMatchObject({
      'access-control-allow-origin': CLIENT,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS, PATCH',
      'access-control-allow-headers':
        'Origin, X-Requested-With, Content-Type, Accept, Authorization, X-API-Key, X-Status-Page-Password',
    });
  });
});

describe('answers', () => {
  const api = useApi();

  it('are JSON with security headers, and do not say what they run on', async () => {
    const { headers } = await api.get('/tags');

    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-length': expect.any(String),
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
  });

  it.each([
    ['what is no HTTP', 'NONSENSE\r\n\r\n'],
    ['a header block beyond measure', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(200_000)}\r\n\r\n`],
    ['a header with a control character', 'GET /health HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n'],
    ['two lengths', 'POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ])('survive %s', async (_, bytes) => {
    const { port } = new URL(api.app.url);
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    socket.on('error', () => undefined);
    socket.write(bytes, 'latin1');

    expect(await text(socket).catch(() => '')).toMatch(/^(?:HTTP\/1\.1 4\d\d |$)/);

    await expect(api.get('/version')).resolves.toMatchObject({ status: 200 });
  });
});
