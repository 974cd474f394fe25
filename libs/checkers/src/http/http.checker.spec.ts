import { createOutbound } from '@app/outbound';
import { Authority, closedPort, selfSigned, startHttpTarget } from '../../../../test/support/targets';
import type { HttpTarget } from '../../../../test/support/targets';
import { runCheck } from '../run-check';

const outbound = createOutbound();
const signal = new AbortController().signal;

let target: HttpTarget;
let nobody: number;
beforeAll(async () => {
  nobody = await closedPort();
  target = await startHttpTarget({ closedPort: nobody });
});
beforeEach(() => target.seen.splice(0));
afterAll(() => target.close());

const defaults = { method: 'GET', encoding: 'json', accepted_statuscodes: ['2XX'], authMethod: 'none' };

function check(path: string, config: object = {}, type = 'http') {
  const url = path.startsWith('/') ? target.origin + path : path;
  const job = { type, config: JSON.stringify({ ...defaults, url, ...config }) };
  return runCheck(job, { signal, timeoutSeconds: 16, outbound });
}

const OK = { status: 'up', message: '200 - 200 OK', latencyMs: expect.any(Number) };
const downWith = (message: unknown) => ({ status: 'down', message, latencyMs: expect.any(Number) });

describe('an http check', () => {
  it.each([
    ['/status/204', ['2XX'], 'up', '204 - 204 No Content'],
    ['/noreason', ['2XX'], 'up', '299 - 299 '],
    ['/reason', ['2XX'], 'up', '200 - 200 All Good'],
    ['/status/404', ['2XX', '3XX'], 'down', 'HTTP request failed with status: 404'],
    ['/status/404', ['4XX'], 'up', '404 - 404 Not Found'],
    ['/status/799', ['2XX', '5XX'], 'down', 'HTTP request failed with status: 799'],
    ['/redirect/1', ['3XX'], 'up', '302 - 302 Found'],
    ['/redirect/1', ['2XX'], 'down', 'HTTP request failed with status: 302'],
  ])('of %s that accepts %j is %s: %s', async (path, accepted_statuscodes, status, message) => {
    await expect(check(path, { accepted_statuscodes })).resolves.toEqual({
      status,
      message,
      latencyMs: expect.any(Number),
    });
  });

  it('accepts a switch of protocols', async () => {
    const headers = '{"Connection":"Upgrade","Upgrade":"websocket"}';

    await expect(check('/socket', { headers, accepted_statuscodes: ['1XX'] })).resolves.toMatchObject({
      status: 'up',
      message: '101 - 101 Switching Protocols',
    });
  });

  it('judges a refused status without waiting for the body', async () => {
    await expect(check('/hangbody', { accepted_statuscodes: ['5XX'] })).resolves.toEqual(
      downWith('HTTP request failed with status: 200'),
    );
  });

  it('sends the type of its body, unless the user says otherwise', async () => {
    await check('/echo', { method: 'POST', encoding: 'xml', body: '<a/>' });
    await check('/echo', {
      method: 'POST',
      body: '{}',
      headers: '{"Content-Type":"application/vnd.x+json","HOST":"a.b"}',
    });

    expect(target.seen).toMatchObject([
      { body: '<a/>', headers: { 'content-type': 'application/xml' } },
      { body: '{}', headers: { 'content-type': 'application/vnd.x+json', host: 'a.b' } },
    ]);
  });

  it.each([
    ['ftp://127.0.0.1/', 'Get "ftp://127.0.0.1/": unsupported protocol scheme "ftp"'],
    ['http:opaque', 'Get "http:opaque": http: no Host in request URL'],
    ['/reset', expect.stringMatching(/^Get ".+\/reset": read tcp .+: read: connection reset by peer$/)],
    ['/drop', 'Failed to read response body: unexpected EOF'],
    ['/badgzip', 'Failed to read response body: unexpected EOF'],
  ])('tells what went wrong with %s', async (path, message) => {
    await expect(check(path)).resolves.toEqual(downWith(message));
  });

  it('masks the password in its message', async () => {
    await expect(check(`http://probe:s3cret@127.0.0.1:${nobody}/`, { method: 'POST' })).resolves.toEqual(
      downWith(
        `Post "http://probe:***@127.0.0.1:${nobody}/": dial tcp 127.0.0.1:${nobody}: connect: connection refused`,
      ),
    );
  });
});

describe('a keyword', () => {
  it.each([
    ['/text', 'operational', false, null],
    ['/text', '✓', false, null],
    ['/text', '', false, null],
    ['/text', 'nope', true, null],
    ['/gzip', 'operational', false, null],
    ['/text', 'OPERATIONAL', false, "Keyword check failed: keyword 'OPERATIONAL' not found in response"],
    ['/text', 'Error', true, "Keyword check failed: keyword 'Error' found in response (expected absent)"],
    ['/big', 'NEEDLE', false, "Keyword check failed: keyword 'NEEDLE' not found in response"],
  ])('in %s: %j, inverted %s', async (path, keyword, invert_keyword, problem) => {
    await expect(check(path, { keyword, invert_keyword }, 'http-keyword')).resolves.toEqual(
      problem === null ? OK : downWith(problem),
    );
  });
});

describe('a JSON query', () => {
  it.each([
    ['svc.state', '==', 'ready', null],
    [
      'svc.state',
      '',
      'down',
      "JSON query validation failed: query 'svc.state' with condition '==' and expected value 'down'",
    ],
    ['svc.nope', '==', 'x', 'JSON query validation error: JSON query path not found: svc.nope'],
    [
      'empty|@tostr'.padEnd(900, '|@tostr'),
      '==',
      'x',
      expect.stringMatching(/^JSON query validation error: the query is too expensive/),
    ],
  ])('%s %s %s', async (json_query, json_condition, expected_value, problem) => {
    const config = { json_query, json_condition, expected_value };

    await expect(check('/json', config, 'http-json-query')).resolves.toEqual(problem === null ? OK : downWith(problem));
    await expect(check('/json', config, 'http')).resolves.toEqual(OK);
  });
});

describe('basic authentication', () => {
  it('replaces an Authorization of the user', async () => {
    const config = { authMethod: 'basic', basic_auth_user: 'probe', headers: '{"authorization":"Bearer x"}' };

    await expect(check('/basic', { ...config, basic_auth_pass: 's3cret' })).resolves.toEqual(OK);
    await expect(check('/basic', { ...config, basic_auth_pass: 'x' })).resolves.toEqual(
      downWith('HTTP request failed with status: 401'),
    );
  });
});

describe('NTLM', () => {
  const ntlm = {
    authMethod: 'ntlm',
    basic_auth_user: 'probe',
    basic_auth_pass: 's3cret',
    authDomain: 'CORP',
    authWorkstation: 'W',
  };

  it.each(['/ntlm', '/negotiate'])('proves that it knows the password: %s', async (path) => {
    await expect(check(path, { ...ntlm, method: 'POST', body: '{}' })).resolves.toEqual(OK);
    expect(target.seen.map(({ body }) => body)).toEqual(['{}', '{}', '{}']);
  });

  it('works for HEAD, whose connection others would close', async () => {
    await expect(check('/ntlm', { ...ntlm, method: 'HEAD' })).resolves.toEqual(OK);
  });

  it('is down with the wrong password', async () => {
    await expect(check('/ntlm', { ...ntlm, basic_auth_pass: 'x' })).resolves.toEqual(
      downWith('HTTP request failed with status: 401'),
    );
    expect(target.seen).toHaveLength(3);
  });

  it('never sends the password to a server that wants it in clear', async () => {
    await expect(check('/ntlm-basic-only', ntlm)).resolves.toEqual(downWith('HTTP request failed with status: 401'));
    expect(target.seen).toHaveLength(1);
  });

  it('is not asked for where nobody asks', async () => {
    await expect(check('/echo', ntlm)).resolves.toEqual(OK);
    expect(target.seen).toHaveLength(1);
  });
});

describe('OAuth2', () => {
  const oauth2 = (path: string, more: object = {}) => ({
    authMethod: 'oauth2-cc',
    oauth_auth_method: 'client_secret_basic',
    oauth_token_url: path.startsWith('/') ? target.origin + path : path,
    oauth_client_id: `probe-${Math.random()}`, // tokens are cached by it
    oauth_client_secret: 's3 cret',
    oauth_scopes: 'read write',
    ...more,
  });

  it('asks for a token once in its lifetime', async () => {
    const config = oauth2('/token');

    await expect(check('/bearer', config)).resolves.toEqual(OK);
    await expect(check('/bearer', config)).resolves.toEqual(OK);

    expect(target.seen.map(({ path }) => path)).toEqual(['/token', '/bearer', '/bearer']);
  });

  it('asks every time where the server does not say how long a token is good', async () => {
    const config = oauth2('/shorttoken');

    await check('/bearer', config);
    await check('/bearer', config);

    expect(target.seen.map(({ path }) => path)).toEqual(['/shorttoken', '/bearer', '/shorttoken', '/bearer']);
  });

  it('sends the secret in one place only', async () => {
    const credentials = { oauth_client_id: 'probe', oauth_client_secret: 's3 cret' };
    await check('/bearer', oauth2('/shorttoken', credentials));
    await check('/bearer', oauth2('/shorttoken', { ...credentials, oauth_auth_method: 'client_secret_post' }));

    const [inHeader, , inBody] = target.seen;
    expect(inHeader).toMatchObject({
      headers: { authorization: 'Basic cHJvYmU6czMgY3JldA==', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'client_id=probe&grant_type=client_credentials&scope=read+write',
    });
    expect(inBody!.headers).not.toHaveProperty('authorization');
    expect(inBody!.body).toBe('client_id=probe&client_secret=s3+cret&grant_type=client_credentials&scope=read+write');
  });

  it('replaces a cached token that is refused, once', async () => {
    const config = oauth2('/staletoken');

    await expect(check('/bearer', config)).resolves.toEqual(downWith('HTTP request failed with status: 401'));
    await check('/status/200', config);
    target.seen.splice(0);
    await expect(check('/bearer', config)).resolves.toEqual(downWith('HTTP request failed with status: 401'));

    expect(target.seen.map(({ path }) => path)).toEqual(['/bearer', '/staletoken', '/bearer']);
  });

  it('uses the TLS options of the check', async () => {
    const secured = await startHttpTarget({ tls: await selfSigned() });
    const config = oauth2(`${secured.origin}/token`);

    await expect(check('/bearer', config)).resolves.toMatchObject({
      message: expect.stringMatching(
        /^failed to get oauth2 token: Post ".+": tls: failed to verify certificate: x509: /,
      ),
    });
    await expect(check('/bearer', { ...config, ignore_tls_errors: true })).resolves.toEqual(OK);
    await secured.close();
  });

  it.each([
    ['/token401', 'oauth2 token endpoint returned status: 401'],
    ['/tokenbad', 'failed to parse oauth2 token response: not a JSON object'],
    ['/tokennone', 'failed to parse oauth2 token response: no access_token'],
    ['/destroy', expect.stringMatching(/^failed to get oauth2 token: Post ".+\/destroy": EOF$/)],
  ])('is down, without a latency, when there is no token: %s', async (path, message) => {
    await expect(check('/bearer', oauth2(path))).resolves.toEqual({ status: 'down', message, latencyMs: 0 });
  });

  it('is down for a token URL that is only a path', async () => {
    await expect(check('/bearer', { ...oauth2('/'), oauth_token_url: '/token' })).resolves.toEqual({
      status: 'down',
      message: 'failed to get oauth2 token: Post "/token": unsupported protocol scheme ""',
      latencyMs: 0,
    });
  });
});

describe('mTLS', () => {
  let authority: Authority;
  let secured: HttpTarget;
  beforeAll(async () => {
    authority = await Authority.create();
    const demands = { ca: authority.identity.cert, requestCert: true, rejectUnauthorized: true };
    secured = await startHttpTarget({ tls: { ...(await authority.issue()), ...demands } });
  });
  afterAll(() => secured.close());

  const mtls = async () => {
    const { cert, key } = await authority.issue({ commonName: 'probe' });
    return { authMethod: 'mtls', tlsCert: cert, tlsKey: key, tlsCa: authority.identity.cert };
  };

  it('shows the certificate, and trusts the authority of the monitor', async () => {
    await expect(check(secured.origin, await mtls())).resolves.toMatchObject({
      message: '200 - 200 OK',
      certificate: { valid: true },
    });
    expect(secured.seen).toMatchObject([{ client: 'probe' }]);
  });

  it.each([
    ['tlsKey', 'other key', 'invalid mTLS cert/key: tls: private key does not match public key'],
    ['tlsCert', 'x', 'invalid mTLS cert/key: tls: failed to find any PEM data in certificate input'],
    ['tlsKey', 'x', 'invalid mTLS cert/key: tls: failed to find any PEM data in key input'],
    ['tlsCa', 'x', 'invalid mTLS CA cert'],
  ])('is down, without a latency, with a bad %s: %s', async (field, value, message) => {
    const text = value === 'other key' ? (await authority.issue()).key : value;

    await expect(check(secured.origin, { ...(await mtls()), [field]: text })).resolves.toEqual({
      status: 'down',
      message,
      latencyMs: 0,
    });
  });
});

describe('the certificate', () => {
  it('comes with a check that is down as well', async () => {
    const secured = await startHttpTarget({ tls: await selfSigned() });

    await expect(check(secured.origin)).resolves.toMatchObject({
      status: 'down',
      certificate: { valid: false, certInfo: { certType: 'self-signed' } },
    });
    await expect(
      check(`${secured.origin.replace('https', 'HTTPS')}/status/503`, { ignore_tls_errors: true }),
    ).resolves.toMatchObject({
      message: 'HTTP request failed with status: 503',
      certificate: { valid: false, certInfo: { certType: 'self-signed' } },
    });
    await secured.close();
  });
});
