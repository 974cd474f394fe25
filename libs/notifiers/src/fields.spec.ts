import { isHttpUrl } from './fields';

describe('isHttpUrl', () => {
  it.each([
    'http://a',
    'HTTPS://X',
    'http://[::1]:80',
    'http://h:99999',
    'http://u:p@h',
    'http://h/a b',
    'http://127.0.0.1:8080/p?x={{x}}#f',
    'https://müller.example/',
    'http://localhost:3000',
    'http://h?q',
  ])('accepts %s', (url) => {
    expect(isHttpUrl(url)).toBe(true);
  });

  it.each([
    '',
    'http://',
    'http:///x',
    '//host/x',
    '127.0.0.1:80',
    'http://a b',
    ' http://a',
    'http://a:x',
    '#x',
    'x#y',
    'http://a/\n',
    'http://a/\x7f',
    'http://{{x}}',
    'http://a/%zz',
    'http://[::1',
    // Of other schemes, which nothing could be sent to
    'ftp://x',
    'mailto:a@b.c',
    'a:b',
    'localhost:3000',
    'file:///etc/x',
    'javascript:x(1)',
  ])('rejects %j', (url) => {
    expect(isHttpUrl(url)).toBe(false);
  });
});
