import { newId } from '@app/core';
import type { Lock } from '@app/core';
import { gate } from './waiting';

export interface LockUnderTest {
  /** The lock as two processes see it. */
  locks: [Lock, Lock];
  close(): Promise<void>;
}

/** What every engine promises of `Lock`. */
export function lockContract(engine: string, open: () => Promise<LockUnderTest>): void {
  describe(`Lock on ${engine}`, () => {
    let context: LockUnderTest;
    let one: Lock;
    let two: Lock;

    beforeAll(async () => {
      context = await open();
      [one, two] = context.locks;
    });

    afterAll(() => context.close());

    it('runs the work and says so', async () => {
      const work = jest.fn(() => Promise.resolve());

      await expect(one.tryRun(newId(), work)).resolves.toBe(true);

      expect(work).toHaveBeenCalledTimes(1);
    });

    it('runs nothing while somebody else holds the name', async () => {
      const name = newId();
      const end = gate();
      const work = jest.fn(() => Promise.resolve());
      const held = one.tryRun(name, () => end.passed);
      await Promise.resolve();

      // The first of these may come before the lock is taken on an engine far away; then it is the holder that waits.
      const second = await two.tryRun(name, work);
      end.open();

      expect([await held, second].filter(Boolean)).toHaveLength(1);
      expect(work).toHaveBeenCalledTimes(second ? 1 : 0);
    });

    it('lets exactly one of many at once run', async () => {
      const name = newId();
      const end = gate();
      let running = 0;
      const work = () => {
        running++;
        return end.passed;
      };

      const attempts = Array.from({ length: 10 }, (_, i) => (i % 2 ? one : two).tryRun(name, work));
      const refused = await Promise.any(attempts);
      end.open();

      expect(refused).toBe(false);
      expect((await Promise.all(attempts)).filter(Boolean)).toHaveLength(1);
      expect(running).toBe(1);
    });

    it('knows names apart', async () => {
      const end = gate();
      const held = one.tryRun(newId(), () => end.passed);

      await expect(two.tryRun(newId(), () => Promise.resolve())).resolves.toBe(true);

      end.open();
      await held;
    });

    it.each([
      ['has ended', () => Promise.resolve()],
      ['has failed', () => Promise.reject(new Error('work broke'))],
    ])('is free again when the work %s', async (_, work) => {
      const name = newId();

      await one.tryRun(name, work).catch(() => undefined);

      await expect(two.tryRun(name, () => Promise.resolve())).resolves.toBe(true);
    });

    it('lets the error of the work out', async () => {
      const error = new Error('work broke');

      await expect(one.tryRun(newId(), () => Promise.reject(error))).rejects.toBe(error);
    });

    it('gives the work a signal that is quiet while the lock is held', async () => {
      let aborted: boolean | undefined;

      await one.tryRun(newId(), (signal) => {
        aborted = signal.aborted;
        return Promise.resolve();
      });

      expect(aborted).toBe(false);
    });
  });
}
