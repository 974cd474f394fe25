import { Clock } from '@app/core';
import { AnswerCache } from './answer-cache';

class TestClock extends Clock {
  ms = 0;
  override now(): number {
    return this.ms;
  }
}

describe('AnswerCache', () => {
  const clock = new TestClock();
  let cache: AnswerCache<{ n: number }>;
  let asked: number;
  const look = () => Promise.resolve({ n: ++asked });

  beforeEach(() => {
    asked = 0;
    cache = new AnswerCache({ clock, ttlMs: 1000, max: 2 });
  });

  it('asks once while an answer is fresh', async () => {
    await cache.get('a', look);

    expect(cache.get('a', look)).toEqual({ n: 1 });
    clock.ms += 1000;
    await expect(cache.get('a', look)).resolves.toEqual({ n: 2 });
  });

  it('asks once for all who come at the same time', async () => {
    const answers = await Promise.all([1, 2, 3].map(async () => cache.get('a', look)));

    expect(answers).toEqual([{ n: 1 }, { n: 1 }, { n: 1 }]);
  });

  it('remembers no failure', async () => {
    await expect(cache.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');

    await expect(cache.get('a', look)).resolves.toEqual({ n: 1 });
  });

  it.each<[string, () => void]>([
    ['forgotten', () => cache.forget('a')],
    ['cleared', () => cache.clear()],
  ])('does not keep what was looked up before it was %s', async (_, drop) => {
    let answer!: (value: { n: number }) => void;
    const early = cache.get('a', () => new Promise((resolve) => (answer = resolve)));
    drop();
    const late = cache.get('a', look);
    answer({ n: 0 });

    await expect(early).resolves.toEqual({ n: 0 });
    await expect(late).resolves.toEqual({ n: 1 });
    expect(cache.get('a', look)).toEqual({ n: 1 });
  });

  it('keeps no more than it may', async () => {
    for (const key of ['a', 'b', 'c']) await cache.get(key, look);

    await expect(cache.get('a', look)).resolves.toEqual({ n: 4 });
  });
});
