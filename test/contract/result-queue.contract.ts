import { AppError, newId } from '@app/core';
import type { CheckResult, ResultQueue } from '@app/core';
import { NOON } from '../support/clock';
import { sampleResult } from '../support/samples';
import { Arrivals, gate, turn } from './waiting';

export interface ResultQueueUnderTest {
  queue: ResultQueue;
  /** Errors that were reported on the way. */
  faults: Arrivals<unknown>;
  close(): Promise<void>;
}

/** What every engine promises of `ResultQueue`. `open` takes how many results may wait. */
export function resultQueueContract(engine: string, open: (capacity: number) => Promise<ResultQueueUnderTest>): void {
  describe(`ResultQueue on ${engine}`, () => {
    let context: ResultQueueUnderTest;
    let queue: ResultQueue;
    let submitted: Promise<unknown>[];

    beforeEach(async () => {
      context = await open(100_000);
      queue = context.queue;
      submitted = [];
    });

    afterEach(async () => {
      await Promise.all(submitted);
      await context.close();
    });

    /** Submits without waiting; what becomes of it is not of interest. */
    const submit = (result: CheckResult) => {
      submitted.push(queue.submit(result).catch(() => undefined));
    };

    it('hands a result over as it was submitted', async () => {
      const applied = new Arrivals<readonly CheckResult[]>();
      const consumer = queue.consume((results) => Promise.resolve(applied.add(results)));
      const result = sampleResult({ message: '🚨', certificate: { document: { valid: false }, notifyAtDays: [7] } });

      await queue.submit(result);

      await expect(applied.first(1)).resolves.toEqual([[result]]);
      await consumer.stop();
    });

    it('hands over each result once, one batch at a time, in order per monitor', async () => {
      const ids = Array.from({ length: 5 }, () => newId());
      const results = Array.from({ length: 1_000 }, (_, i) =>
        sampleResult({ monitorId: ids[i % 5], startedAt: NOON + i }),
      );
      const applied = new Arrivals<CheckResult>();
      let busy = 0;
      let mostBusy = 0;
      const consumer = queue.consume(async (batch) => {
        mostBusy = Math.max(mostBusy, ++busy);
        await turn();
        busy--;
        batch.forEach(applied.add);
      });

      for (const [i, result] of results.entries()) {
        submit(result);
        if (i % 97 === 0) await turn();
      }

      const all = await applied.first(1_000);
      expect(mostBusy).toBe(1);
      for (const id of ids) {
        const own = (list: CheckResult[]) => list.filter(({ monitorId }) => monitorId === id);
        expect(own(all)).toEqual(own(results));
      }
      await consumer.stop();
      expect(applied.all).toHaveLength(1_000);
    });

    it('gathers what arrives while a batch is under way', async () => {
      const batches = new Arrivals<number>();
      const first = gate();
      const consumer = queue.consume((batch) => {
        batches.add(batch.length);
        return batches.all.length === 1 ? first.passed : Promise.resolve();
      });
      submit(sampleResult());
      await batches.first(1);
      for (let i = 0; i < 60; i++) submit(sampleResult());
      while ((await queue.depth()) < 60) await turn();

      first.open();

      const handedOver = () => batches.all.reduce((sum, n) => sum + n, 0);
      while (handedOver() < 61) await turn();
      expect(handedOver()).toBe(61);
      expect(batches.all.length).toBeLessThanOrEqual(4);
      await consumer.stop();
    });

    it('keeps results until somebody consumes', async () => {
      submit(sampleResult());
      submit(sampleResult());
      await turn();
      await expect(queue.depth()).resolves.toBe(2);
      const applied = new Arrivals<CheckResult>();

      const consumer = queue.consume((batch) => Promise.resolve(batch.forEach(applied.add)));

      await applied.first(2);
      await consumer.stop();
      await expect(queue.depth()).resolves.toBe(0);
    });

    it('hands a batch over again while the database is away, and says so once', async () => {
      const calls = new Arrivals<readonly CheckResult[]>();
      const consumer = queue.consume((batch) => {
        calls.add(batch);
        const away = calls.all.length < 3;
        return away ? Promise.reject(new AppError('unavailable', 'database is away')) : Promise.resolve();
      });
      const result = sampleResult();

      await queue.submit(result);

      await expect(calls.first(3)).resolves.toEqual([[result], [result], [result]]);
      expect(context.faults.all).toHaveLength(1);
      await consumer.stop();
    });

    it('lets one bad result cost only itself', async () => {
      const results = Array.from({ length: 9 }, (_, i) => sampleResult({ startedAt: NOON + i }));
      const bad = results[4]!;
      const applied = new Arrivals<CheckResult>();
      for (const result of results) submit(result);

      const consumer = queue.consume((batch) => {
        if (batch.some(({ monitorId }) => monitorId === bad.monitorId)) return Promise.reject(new Error('poison'));
        return Promise.resolve(batch.forEach(applied.add));
      });

      const others = results.filter((result) => result !== bad);
      await expect(applied.first(8)).resolves.toEqual(others);
      await expect(context.faults.first(1)).resolves.toMatchObject([{ message: 'poison' }]);
      await consumer.stop();
      expect(applied.all).toHaveLength(8);
    });

    it('goes on after a bad result, with the database away in between', async () => {
      const [bad, good] = [sampleResult(), sampleResult()];
      let away = true;
      const applied = new Arrivals<CheckResult>();
      submit(bad);
      submit(good);

      const consumer = queue.consume((batch) => {
        if (batch.some(({ monitorId }) => monitorId === bad.monitorId)) return Promise.reject(new Error('poison'));
        if (away) {
          away = false;
          return Promise.reject(new AppError('unavailable', 'database is away'));
        }
        return Promise.resolve(batch.forEach(applied.add));
      });

      await expect(applied.first(1)).resolves.toEqual([good]);
      await consumer.stop();
    });

    it('refuses results when too many wait, and takes them again afterwards', async () => {
      const small = await open(2);
      const waiting = [small.queue.submit(sampleResult()), small.queue.submit(sampleResult())];
      await turn();

      await expect(small.queue.submit(sampleResult())).rejects.toMatchObject({ code: 'too_many_requests' });

      const consumer = small.queue.consume(() => Promise.resolve());
      await Promise.all(waiting);
      while ((await small.queue.depth()) > 0) await turn();
      await expect(small.queue.submit(sampleResult())).resolves.toBeUndefined();
      await consumer.stop();
      await small.close();
    });

    describe('a consumer that stops', () => {
      it('first finishes what it has in hand, and then takes no more', async () => {
        const started = new Arrivals<CheckResult>();
        const end = gate();
        const consumer = queue.consume((batch) => {
          batch.forEach(started.add);
          return end.passed;
        });
        submit(sampleResult());
        await started.first(1);
        let stopped = false;

        const stopping = consumer.stop().then(() => {
          stopped = true;
        });
        await turn();
        expect(stopped).toBe(false);
        end.open();
        await stopping;
        submit(sampleResult());
        await turn();

        expect(started.all).toHaveLength(1);
      });

      it('does so at once when nothing is to do, also twice', async () => {
        const consumer = queue.consume(() => Promise.resolve());

        await Promise.all([consumer.stop(), consumer.stop()]);

        await expect(consumer.stop()).resolves.toBeUndefined();
      });

      it('does not wait for a database that is away', async () => {
        const calls = new Arrivals<number>();
        const consumer = queue.consume((batch) => {
          calls.add(batch.length);
          return Promise.reject(new AppError('unavailable', 'database is away'));
        });
        submit(sampleResult());
        await calls.first(1);

        await expect(consumer.stop()).resolves.toBeUndefined();
      });
    });
  });
}
