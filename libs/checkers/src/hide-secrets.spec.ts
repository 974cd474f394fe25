import { HIDDEN, hideSecrets } from './hide-secrets';

const hidden = (type: string, config: object): unknown => JSON.parse(hideSecrets(type, JSON.stringify(config)));

describe('hideSecrets', () => {
  it('keeps everything but the values of secret keys', () => {
    const config = { url: 'https://example.org', method: 'GET', basic_auth_user: 'ops', basic_auth_pass: 'p' };

    expect(hidden('http', config)).toEqual({ ...config, basic_auth_pass: HIDDEN });
    expect(hidden('http-keyword', { tlsKey: 'k', headers: '{"x-api-key":"s"}', keyword: 'ok' })).toEqual({
      tlsKey: HIDDEN,
      headers: HIDDEN,
      keyword: 'ok',
    });
    expect(hidden('push', { pushToken: 't' })).toEqual({ pushToken: HIDDEN });
  });

  it('leaves a secret that is not set as it is', () => {
    expect(hidden('http', { basic_auth_pass: '', oauth_client_secret: null })).toEqual({
      basic_auth_pass: '',
      oauth_client_secret: null,
    });
  });

  it.each(['', 'null', '[1]', '"text"', '{', '7'])('leaves nothing of %j', (text) => {
    expect(hideSecrets('http', text)).toBe('{}');
  });

  it('leaves nothing of a type that it does not know', () => {
    expect(hidden('nothing-like-it', { password: 'p' })).toEqual({});
  });
});
