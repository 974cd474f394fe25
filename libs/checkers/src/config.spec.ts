import { AppError } from '@app/core';
import { findMonitorType, monitorTypes, parseConfig } from './monitor-types';

const save = (type: string, text: string) => parseConfig(type, text, { strict: true });
const refusal = (type: string, config: unknown) => {
  try {
    save(type, typeof config === 'string' ? config : JSON.stringify(config));
  } catch (error) {
    return error instanceof AppError ? `${error.code}: ${error.message}` : error;
  }
  return 'accepted';
};

const http = {
  url: 'https://shop.example/',
  method: 'GET',
  encoding: 'json',
  accepted_statuscodes: ['2XX'],
  authMethod: 'none',
};

describe('parseConfig', () => {
  it('reads keys in any case, takes null as absent and the last of repeated keys', () => {
    expect(save('tcp', '{"HOST":"a","Port":1,"host":"b","PORT":null,"port":2}')).toEqual({ host: 'b', port: 2 });
    expect(refusal('tcp', '{"host":"a","port":1,"Port":null}')).toBe(
      'invalid: Invalid monitor configuration: port is required',
    );
  });

  it('reads the first JSON value and no further', () => {
    expect(save('tcp', ' {"host":"a","port":1} {"host":2} and so on')).toEqual({ host: 'a', port: 1 });
  });

  it.each(['', '{', 'nope', '[]', '"x"', '12', '{"host":}'])('refuses %j, which holds no object', (text) => {
    expect(refusal('tcp', text)).toBe('invalid: Invalid monitor configuration: config must be a JSON object');
  });

  it('takes null for an empty object', () => {
    expect(refusal('tcp', 'null')).toBe('invalid: Invalid monitor configuration: host is required; port is required');
  });

  it('refuses unknown keys on save and ignores them at check time', () => {
    const text = '{"host":"a","port":1,"check_cert_expiry":true,"__proto__":1}';

    expect(refusal('tcp', text)).toBe(
      'invalid: Invalid monitor configuration: unknown key "check_cert_expiry"; unknown key "__proto__"',
    );
    expect(parseConfig('tcp', text, { strict: false })).toEqual({ host: 'a', port: 1 });
  });

  it('matches types exactly', () => {
    expect(refusal('HTTP', http)).toBe(
      'invalid: Invalid monitor configuration: executor not found for monitor type: HTTP',
    );
  });

  it('fills in what was not given', () => {
    expect(save('ping', '{"host":"a","packet_size":0}')).toEqual({ host: 'a', packet_size: 32 });
    expect(save('http', JSON.stringify(http))).toMatchObject({ headers: {}, max_redirects: 0, json_condition: '' });
  });

  it.each<[string, unknown, string]>([
    ['tcp', { host: '', port: 0 }, 'host is required; port must be at least 1'],
    ['tcp', { host: 'a', port: 65536 }, 'port must be at most 65535'],
    ['tcp', { host: 'a', port: '80' }, 'port must be a number'],
    ['tcp', { host: 'a', port: 80.5 }, 'port must be a whole number'],
    ['ping', { host: '-c5' }, 'host must not start with a dash'],
    ['ping', { host: 'a', packet_size: 65508 }, 'packet_size must be at most 65507'],
    ['push', {}, 'pushToken is required'],
    [
      'dns',
      { host: 'a', resolver_server: 'one.one', port: 53, resolve_type: 'ANY' },
      'resolver_server must be an IPv4 or IPv6 address; ' +
        'resolve_type must be one of A, AAAA, CAA, CNAME, MX, NS, PTR, SOA, SRV, TXT',
    ],
    ['http', { ...http, url: 'nope' }, 'url must be an absolute URL'],
    ['http', { ...http, url: 'http://' }, 'url must be an absolute URL'],
    ['http', { ...http, url: '/path' }, 'url must be an absolute URL'],
    ['http', { ...http, method: 'get' }, 'method must be one of GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS'],
    ['http', { ...http, headers: '[1]' }, 'headers must be the JSON text of an object of strings'],
    ['http', { ...http, headers: '{"a":1}' }, 'headers must be the JSON text of an object of strings'],
    ['http', { ...http, headers: '{' }, 'headers must be the JSON text of an object of strings'],
    ['http', { ...http, accepted_statuscodes: [] }, 'accepted_statuscodes must have at least 1 item'],
    ['http', { ...http, accepted_statuscodes: '2XX' }, 'accepted_statuscodes must be a list'],
    [
      'http',
      { ...http, accepted_statuscodes: ['1XX', '6XX'] },
      'accepted_statuscodes[1] must be one of 1XX, 2XX, 3XX, 4XX, 5XX',
    ],
    ['http', { ...http, ignore_tls_errors: 'true' }, 'ignore_tls_errors must be true or false'],
    ['http', { ...http, json_condition: '~' }, 'json_condition must be one of ==, !=, >, <, >=, <='],
    ['http', { ...http, body: '{' }, 'body must be valid JSON'],
    ['http', { ...http, encoding: 'xml', body: 'hello' }, 'body must be valid XML'],
    ['http', { ...http, encoding: 'xml', body: '<a>' }, 'body must be valid XML'],
    ['http', { ...http, encoding: 'form', body: 'a=1;b=2' }, 'body must be valid form data'],
    ['http', { ...http, encoding: 'form', body: 'a=%zz' }, 'body must be valid form data'],
    [
      'http',
      { ...http, method: '', authMethod: 'basic', basic_auth_user: 'u' },
      'method must be one of GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS; ' +
        'basic_auth_pass is required when authMethod is basic',
    ],
    [
      'http',
      { ...http, authMethod: 'oauth2-cc', oauth_token_url: 'nope' },
      'oauth_client_id is required when authMethod is oauth2-cc; ' +
        'oauth_client_secret is required when authMethod is oauth2-cc; ' +
        'oauth_auth_method must be one of client_secret_basic, client_secret_post; ' +
        'oauth_token_url must be an absolute URL',
    ],
  ])('refuses for %s %j', (type, config, problems) => {
    expect(refusal(type, config)).toBe(`invalid: Invalid monitor configuration: ${problems}`);
  });

  it.each([
    { url: 'ftp://h' },
    { url: 'http:opaque' },
    { url: 'http://[::1]:8080/' },
    { headers: '' },
    { headers: 'null' },
    { encoding: 'xml', body: '<a/>text' },
    { encoding: 'xml', body: '<?xml version="1.0"?><a><b/></a><c/>' },
    { encoding: 'text', body: 'anything <at> all' },
    { encoding: 'form', body: 'a=1&b=x%20y+z' },
    { json_condition: '' },
    { max_redirects: null },
  ])('accepts for http %j', (config) => {
    expect(refusal('http', { ...http, ...config })).toBe('accepted');
  });
});

describe('the list of monitor types', () => {
  it('holds each type once', () => {
    expect(monitorTypes.map(({ type }) => type)).toEqual([
      ...['http', 'http-keyword', 'http-json-query'],
      ...['tcp', 'ping', 'dns', 'push'],
    ]);
  });

  it('names secrets that exist', () => {
    for (const { config, secrets = [] } of monitorTypes) {
      expect(Object.keys(config.shape)).toEqual(expect.arrayContaining([...secrets]));
    }
  });

  it('finds nothing for what is no type', () => {
    expect(findMonitorType('constructor')).toBeNull();
  });
});
