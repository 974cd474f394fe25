import { newId } from '@app/core';
import type { CheckJob, CheckQueue } from '@app/core';
import { sampleJob } from '../support/samples';
import { Arrivals, gate, turn } from './waiting';

export interface CheckQueueUnderTest {
  queue: CheckQueue;
  /** Errors that runs threw. */
  faults: Arrivals<unknown>;
  close(): Promise<void>;
}

/** What every engine promises of `CheckQueue`. */
export function checkQueueContract(engine: string, open: () => Promise<CheckQueueUnderTest>): void {
  describe(`CheckQueue on ${engine}`, () => {
    let context: CheckQueueUnderTest;
    let queue: CheckQueue;

    beforeEach(async () => {
      context = await open();
      queue = context.queue;
    });

    afterEach(() => context.close());

    it('hands a job over as it was offered', async () => {
      const jobs = new Arrivals<CheckJob>();
      const job = sampleJob({ graceFrom: 5, notifyAtDays: [7, 14] });

      const consumer = queue.consume(1, (taken) => Promise.resolve(jobs.add(taken)));

      await expect(queue.offer(job)).resolves.toBe(true);
      await expect(jobs.first(1)).resolves.toEqual([job]);
      await consumer.stop();
    });

    it('keeps jobs until somebody consumes, first come, first served', async () => {
      const ids = Array.from({ length: 5 }, () => newId());
      for (const monitorId of ids) await queue.offer(sampleJob({ monitorId }));
      await expect(queue.depth()).resolves.toBe(5);

      const taken = new Arrivals<string>();
      const consumer = queue.consume(1, ({ monitorId }) => Promise.resolve(taken.add(monitorId)));

      await expect(taken.first(5)).resolves.toEqual(ids);
      await consumer.stop();
      await expect(queue.depth()).resolves.toBe(0);
    });

    it('skips the tick of a monitor whose check is waiting', async () => {
      const monitorId = newId();

      await expect(queue.offer(sampleJob({ monitorId }))).resolves.toBe(true);
      await expect(queue.offer(sampleJob({ monitorId }))).resolves.toBe(false);
      await expect(queue.offer(sampleJob())).resolves.toBe(true);
      await expect(queue.depth()).resolves.toBe(2);
    });

    it('skips the tick of a monitor whose check is running, and takes the next one', async () => {
      const monitorId = newId();
      const started = new Arrivals<CheckJob>();
      const ends = [gate(), gate()];
      const consumer = queue.consume(4, (job) => {
        started.add(job);
        return ends[started.all.length - 1]!.passed;
      });
      await queue.offer(sampleJob({ monitorId }));
      await started.first(1);

      await expect(queue.offer(sampleJob({ monitorId }))).resolves.toBe(false);
      ends[0]!.open();
      await freed(monitorId);

      await started.first(2);
      ends[1]!.open();
      await consumer.stop();
    });

    it('runs as many at once as told, and no more', async () => {
      const taken = new Arrivals<string>();
      let running = 0;
      let most = 0;
      const consumer = queue.consume(3, async ({ monitorId }) => {
        most = Math.max(most, ++running);
        await turn();
        running--;
        taken.add(monitorId);
      });

      await Promise.all(Array.from({ length: 20 }, () => queue.offer(sampleJob())));

      expect(new Set(await taken.first(20)).size).toBe(20);
      expect(most).toBe(3);
      await consumer.stop();
    });

    it.each<[string, () => Promise<void>]>([
      ['rejects', () => Promise.reject(new Error('checker broke'))],
      [
        'throws at once',
        () => {
          throw new Error('checker broke');
        },
      ],
    ])('is not blocked by a run that %s', async (_, fail) => {
      const monitorId = newId();
      const started = new Arrivals<CheckJob>();
      const consumer = queue.consume(1, (job) => {
        started.add(job);
        return started.all.length === 1 ? fail() : Promise.resolve();
      });
      await queue.offer(sampleJob({ monitorId }));
      await expect(context.faults.first(1)).resolves.toMatchObject([{ message: 'checker broke' }]);

      await freed(monitorId);

      await started.first(2);
      await consumer.stop();
    });

    it('works off thousands', async () => {
      const taken = new Arrivals<string>();
      const ids = Array.from({ length: 3_000 }, () => newId());
      for (const monitorId of ids) await queue.offer(sampleJob({ monitorId }));

      const consumer = queue.consume(50, async ({ monitorId }) => {
        await Promise.resolve();
        taken.add(monitorId);
      });

      expect((await taken.first(3_000)).sort()).toEqual(ids.sort());
      await consumer.stop();
      await expect(queue.depth()).resolves.toBe(0);
    });

    describe('a consumer that stops', () => {
      it('finishes what runs, and takes nothing more', async () => {
        const started = new Arrivals<string>();
        const end = gate();
        const consumer = queue.consume(1, ({ monitorId }) => {
          started.add(monitorId);
          return end.passed;
        });
        await queue.offer(sampleJob());
        await started.first(1);
        await queue.offer(sampleJob());
        let stopped = false;

        const stopping = consumer.stop().then(() => {
          stopped = true;
        });
        await turn();
        expect(stopped).toBe(false);
        end.open();
        await stopping;
        await turn();

        expect(started.all).toHaveLength(1);
        await expect(queue.depth()).resolves.toBe(1);
      });

      it('may be stopped twice', async () => {
        const started = new Arrivals<CheckJob>();
        const end = gate();
        const consumer = queue.consume(1, (job) => {
          started.add(job);
          return end.passed;
        });
        await queue.offer(sampleJob());
        await started.first(1);

        const stops = [consumer.stop(), consumer.stop()];
        end.open();

        await expect(Promise.all(stops)).resolves.toEqual([undefined, undefined]);
        await expect(consumer.stop()).resolves.toBeUndefined();
      });

      it('leaves what waits to the next one', async () => {
        const taken = new Arrivals<CheckJob>();
        await queue.consume(1, () => Promise.resolve()).stop();
        const job = sampleJob();
        await queue.offer(job);

        const consumer = queue.consume(1, (one) => Promise.resolve(taken.add(one)));

        await expect(taken.first(1)).resolves.toEqual([job]);
        await consumer.stop();
      });
    });

    /** Offers until the monitor's place is free: it is freed a moment after the run has ended. */
    async function freed(monitorId: string): Promise<void> {
      while (!(await queue.offer(sampleJob({ monitorId })))) await turn();
    }
  });
}
