import { AppError } from '@app/core';
import type { Monitor, MonitorsRepository } from '@app/modules/monitors';
import { KnownMonitors } from './known-monitors';

const monitor = (id: string, interval = 60) => ({ id, interval }) as Monitor;

describe('KnownMonitors', () => {
  let stored: Monitor[] | Error;
  let known: KnownMonitors;
  beforeEach(() => {
    stored = [monitor('a'), monitor('b')];
    const findByIds = (ids: readonly string[]) =>
      stored instanceof Error ? Promise.reject(stored) : Promise.resolve(stored.filter(({ id }) => ids.includes(id)));
    known = new KnownMonitors({ findByIds } as MonitorsRepository);
  });

  it('reads them as they are, and says which are gone', async () => {
    await expect(known.findByIds(['a', 'c'])).resolves.toEqual({ monitors: [monitor('a')], gone: ['c'] });
  });

  it('has them as they were when the database is away, and calls none gone', async () => {
    known.replace([monitor('a', 20), monitor('b', 30)]);
    known.change('b', monitor('b', 40));
    stored = new AppError('unavailable', 'no connection');

    await expect(known.findByIds(['b', 'c', 'a'])).resolves.toEqual({
      monitors: [monitor('b', 40), monitor('a', 20)],
      gone: [],
    });
  });

  it('forgets those that are gone', async () => {
    known.replace([monitor('a'), monitor('c'), monitor('d')]);
    await known.findByIds(['c']);
    known.change('d', null);
    stored = new AppError('unavailable', 'no connection');

    await expect(known.findByIds(['a', 'c', 'd'])).resolves.toEqual({ monitors: [monitor('a')], gone: [] });
  });

  it('does not take a bug for an absence', async () => {
    known.replace([monitor('a')]);
    stored = new Error('a bug');

    await expect(known.findByIds(['a'])).rejects.toThrow('a bug');
  });
});
