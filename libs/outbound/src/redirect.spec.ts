import { nextHop, redirectLocation } from './redirect';
import type { Hop } from './redirect';

const headers = { authorization: 'Bearer t', cookie: 'a=1', 'content-type': 'text/plain', host: 'site.example' };
const first: Hop = { url: new URL('https://shop.example/a?b#c'), method: 'POST', headers, body: 'text' };

describe('redirectLocation', () => {
  it.each([
    [301, '/x', '/x'],
    [302, '/x', '/x'],
    [303, '/x', '/x'],
    [307, '/x', '/x'],
    [308, '/x', '/x'],
    [300, '/x', null],
    [304, '/x', null],
    [305, '/x', null],
    [200, '/x', null],
    [302, '', null],
  ])('of a %i with Location %j is %j', (status, location, expected) => {
    expect(redirectLocation(status, { location })).toBe(expected);
  });
});

describe('nextHop', () => {
  it.each([301, 302, 303])('turns a POST into a GET without a body at %i', (status) => {
    const { headers: sent, ...rest } = nextHop(first, status, '/b', first);

    expect(rest).toEqual({ url: new URL('https://shop.example/b'), method: 'GET' });
    expect(sent).not.toHaveProperty('content-type');
  });

  it.each([307, 308])('keeps method and body at %i', (status) => {
    expect(nextHop(first, status, '/b', first)).toMatchObject({
      method: 'POST',
      body: 'text',
      headers: { 'content-type': 'text/plain' },
    });
  });

  it('leaves HEAD a HEAD', () => {
    expect(nextHop({ ...first, method: 'HEAD' }, 302, '/b', first).method).toBe('HEAD');
  });

  it.each([
    ['/b', true],
    ['https://shop.example:8443/b', true],
    ['https://www.shop.example/b', true],
    ['https://evilshop.example/b', false],
    ['https://shop.example.evil.test/b', false],
    ['https://shop.example@evil.test/b', false],
    ['http://shop.example/b', false],
  ])('on the way to %s keeps the credentials: %s', (location, kept) => {
    const sent = nextHop(first, 307, location, first).headers;

    expect('authorization' in sent).toBe(kept);
    expect('cookie' in sent).toBe(kept);
  });

  it('does not give the credentials back on the way home', () => {
    const away = nextHop(first, 307, 'https://other.test/', first);

    expect(nextHop(away, 307, 'https://shop.example/', first).headers).not.toHaveProperty('authorization');
  });

  it('keeps a Host of the user for a relative location only', () => {
    expect(nextHop(first, 307, '/b', first).headers).toHaveProperty('host', 'site.example');
    expect(nextHop(first, 307, 'https://shop.example/b', first).headers).not.toHaveProperty('host');
    expect(nextHop(first, 307, '//shop.example/b', first).headers).not.toHaveProperty('host');
  });

  it('sends where it came from, without credentials and fragment, and not from https to http', () => {
    const from: Hop = { ...first, url: new URL('https://u:p@shop.example/a?b#c') };

    expect(nextHop(from, 302, '/b', first).headers['referer']).toBe('https://shop.example/a?b');
    expect(nextHop(from, 302, 'http://shop.example/b', first).headers).not.toHaveProperty('referer');
  });

  it('sends the Referer that the user gave', () => {
    const own: Hop = { ...first, headers: { referer: 'https://me.example/' } };

    expect(nextHop(own, 302, '/b', own).headers['referer']).toBe('https://me.example/');
  });
});
