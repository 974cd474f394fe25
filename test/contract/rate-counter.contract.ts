import { newId } from '@app/core';
import type { RateCounter } from '@app/core';

export interface RateCounterUnderTest {
  counter: RateCounter;
  /** Lets time pass for the counter. */
  advance(ms: number): Promise<void> | void;
  close(): Promise<void>;
}

/** What every engine promises of `RateCounter`. */
export function rateCounterContract(engine: string, open: () => Promise<RateCounterUnderTest>): void {
  describe(`RateCounter on ${engine}`, () => {
    let context: RateCounterUnderTest;
    let counter: RateCounter;

    beforeAll(async () => {
      context = await open();
      counter = context.counter;
    });

    afterAll(() => context.close());

    it('counts the hits of a window that starts with the first one', async () => {
      const key = newId();

      await expect(counter.hit(key, 60_000)).resolves.toEqual({ hits: 1, resetMs: 60_000 });
      await context.advance(20_000);
      await expect(counter.hit(key, 60_000)).resolves.toEqual({ hits: 2, resetMs: 40_000 });
      await context.advance(39_999);
      await expect(counter.hit(key, 60_000)).resolves.toEqual({ hits: 3, resetMs: 1 });
    });

    it('starts over with the first hit after the window', async () => {
      const key = newId();
      await counter.hit(key, 1_000);

      await context.advance(1_000);

      await expect(counter.hit(key, 1_000)).resolves.toEqual({ hits: 1, resetMs: 1_000 });
    });

    it('keeps a long window through many short ones', async () => {
      const [long, short] = [newId(), newId()];
      await counter.hit(long, 3_600_000);

      for (let i = 0; i < 30; i++) {
        await context.advance(61_000);
        await expect(counter.hit(short, 60_000)).resolves.toMatchObject({ hits: 1 });
      }

      await expect(counter.hit(long, 3_600_000)).resolves.toEqual({ hits: 2, resetMs: 3_600_000 - 30 * 61_000 });
    });

    it('counts every one of many at once, and keys apart', async () => {
      const [one, two] = [newId(), newId()];

      const windows = await Promise.all(
        Array.from({ length: 40 }, (_, i) => counter.hit(i % 4 === 0 ? one : two, 60_000)),
      );

      const hits = windows.map(({ hits: n }) => n);
      expect(Math.max(...hits)).toBe(30);
      await expect(counter.hit(one, 60_000)).resolves.toMatchObject({ hits: 11 });
    });
  });
}
