import { toDomain } from './domain-name';

describe('toDomain', () => {
  it.each([
    ['status.example.com', 'status.example.com'],
    [' Status.Example.COM ', 'status.example.com'],
    ['status.example.com.', 'status.example.com'],
    ['localhost', 'localhost'],
    ['192.0.2.1', '192.0.2.1'],
    ['my_status.example.com', 'my_status.example.com'],
    ['Zustand.Müller.example', 'zustand.xn--mller-kva.example'],
  ])('takes %j as %j', (text, domain) => {
    expect(toDomain(text)).toBe(domain);
  });

  it.each([
    '',
    ' ',
    '.',
    'a..b',
    '-a.example.com',
    'a-.example.com',
    'https://a.example.com',
    'a.example.com:8080',
    'a.example.com/path',
    'a b.example.com',
    'user@a.example.com',
    '*.example.com',
    'a\0.example.com',
    '[::1]',
    `${'a'.repeat(64)}.example.com`,
    `${'a.'.repeat(127)}example.com`,
  ])('takes %j for no host name', (text) => {
    expect(toDomain(text)).toBeNull();
  });
});
