import { AppError } from '@app/core';
import type { ProxiesService } from './proxies.service';
import { ProxyDirectory } from './proxy-directory';
import type { Proxy } from './proxy.entity';

const proxy = (values: Partial<Proxy> = {}) =>
  ({
    id: 'a',
    protocol: 'socks5',
    host: 'h',
    port: 1080,
    auth: true,
    username: 'u',
    password: 'sealed',
    ...values,
  }) as Proxy;

describe('ProxyDirectory', () => {
  let stored: Proxy[] | Error;
  let directory: ProxyDirectory;

  beforeEach(() => {
    stored = [proxy()];
    const findByIds = jest.fn(() => (stored instanceof Error ? Promise.reject(stored) : Promise.resolve(stored)));
    const viewOf = (of: Proxy) => ({ proxy: of, password: 'clear' });
    directory = new ProxyDirectory({ findByIds } as never, { viewOf } as ProxiesService);
  });

  it('has credentials when they are to be used', async () => {
    stored = [proxy(), proxy({ id: 'b', auth: false })];

    await expect(directory.find(['a', 'b', 'c'])).resolves.toEqual(
      new Map([
        ['a', { protocol: 'socks5', host: 'h', port: 1080, username: 'u', password: 'clear' }],
        ['b', { protocol: 'socks5', host: 'h', port: 1080 }],
      ]),
    );
  });

  it('has them as they were while the database is away; what was never read cannot be used', async () => {
    await directory.find(['a']);
    stored = new AppError('unavailable', 'no connection');

    const found = await directory.find(['a', 'b']);

    expect(found.get('a')).toMatchObject({ host: 'h', password: 'clear' });
    expect(found.get('b')).toBeNull();
  });

  it('does not take a bug for an absence', async () => {
    stored = new Error('a bug');

    await expect(directory.find(['a'])).rejects.toThrow('a bug');
  });
});
