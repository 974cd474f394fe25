import { AppError, RateCounter } from '@app/core';
import type { RateWindow } from '@app/core';
import { CounterStorage } from './counter.storage';

const counting = (hit: () => Promise<RateWindow>) =>
  new CounterStorage(
    new (class extends RateCounter {
      hit = hit;
    })(),
  );

describe('CounterStorage', () => {
  it.each([
    [3, false],
    [4, true],
  ])('%s hits of three block: %s', async (hits, isBlocked) => {
    const storage = counting(() => Promise.resolve({ hits, resetMs: 1_500 }));

    const counted = { totalHits: hits, timeToExpire: 2, isBlocked, timeToBlockExpire: 2 };
    await expect(storage.increment('somebody', 60_000, 3)).resolves.toEqual(counted);
  });

  it('blocks nobody while the counts cannot be reached', async () => {
    const storage = counting(() => Promise.reject(new AppError('unavailable', 'Redis is not available')));

    await expect(storage.increment('somebody', 60_000, 3)).resolves.toMatchObject({ isBlocked: false, totalHits: 0 });
  });

  it('does not hide a mistake of ours', async () => {
    const storage = counting(() => Promise.reject(new TypeError('a bug')));

    await expect(storage.increment('somebody', 60_000, 3)).rejects.toThrow('a bug');
  });
});
