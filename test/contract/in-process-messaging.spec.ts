import {
  InProcessCheckQueue,
  InProcessEventBus,
  InProcessLock,
  InProcessPresence,
  InProcessRateCounter,
  InProcessResultQueue,
  InProcessSchedule,
} from '@app/messaging/in-process';
import { AppError } from '@app/core';
import type { CheckResult } from '@app/core';
import { FakeClock, NOON } from '../support/clock';
import { eventually } from '../support/eventually';
import { sampleResult } from '../support/samples';
import { checkQueueContract } from './check-queue.contract';
import { eventBusContract } from './event-bus.contract';
import { lockContract } from './lock.contract';
import { presenceContract } from './presence.contract';
import { rateCounterContract } from './rate-counter.contract';
import { resultQueueContract } from './result-queue.contract';
import { scheduleContract } from './schedule.contract';
import { Arrivals, gate, turn } from './waiting';

const ENGINE = 'this process';
const close = () => Promise.resolve();

checkQueueContract(ENGINE, () => {
  const faults = new Arrivals<unknown>();
  return Promise.resolve({ queue: new InProcessCheckQueue(faults.add), faults, close });
});

resultQueueContract(ENGINE, (capacity) => {
  const faults = new Arrivals<unknown>();
  return Promise.resolve({ queue: new InProcessResultQueue(faults.add, { capacity }), faults, close });
});

eventBusContract(ENGINE, () => {
  const faults = new Arrivals<unknown>();
  return Promise.resolve({ bus: new InProcessEventBus(faults.add), faults, close });
});

lockContract(ENGINE, () => {
  const lock = new InProcessLock();
  return Promise.resolve({ locks: [lock, lock], close });
});

presenceContract(ENGINE, () => {
  const clock = new FakeClock();
  return Promise.resolve({ presence: new InProcessPresence(clock), clock, close });
});

rateCounterContract(ENGINE, () => {
  const clock = new FakeClock();
  const advance = (ms: number) => clock.advance(ms);
  return Promise.resolve({ counter: new InProcessRateCounter(clock), advance, close });
});

scheduleContract(ENGINE, () => {
  const clock = new FakeClock();
  return Promise.resolve({ schedule: new InProcessSchedule(clock), clock, close });
});

describe('Schedule in this process', () => {
  it('gives ticks out in steps, and each one in its own, however late it is asked', async () => {
    const clock = new FakeClock();
    const schedule = new InProcessSchedule(clock, 100);
    await schedule.put({ id: 'a', intervalMs: 20_000 });
    await schedule.put({ id: 'b', intervalMs: 20_000 });
    await schedule.reschedule('a', NOON + 210);
    await schedule.reschedule('b', NOON + 310);
    const claimAt = (ms: number) => {
      clock.set(NOON + ms);
      return schedule.claim(10);
    };

    await expect(claimAt(299)).resolves.toEqual([]);
    await expect(claimAt(350)).resolves.toEqual(['a']);
    await expect(claimAt(399)).resolves.toEqual([]);
    await expect(claimAt(400)).resolves.toEqual(['b']);
  });
});

/** In one process nothing survives a crash but what is stored, so a result is kept when it is applied. */
describe('ResultQueue in this process', () => {
  it('resolves a submission when the result is stored, not before', async () => {
    const queue = new InProcessResultQueue(() => undefined);
    const [started, end] = [gate(), gate()];
    const consumer = queue.consume(() => {
      started.open();
      return end.passed;
    });
    let kept = false;

    const submission = queue.submit(sampleResult()).then(() => {
      kept = true;
    });
    await started.passed;
    await turn();
    expect(kept).toBe(false);
    end.open();
    await submission;

    expect(kept).toBe(true);
    await consumer.stop();
  });

  it('tells the submitter of a result that could not be applied', async () => {
    const queue = new InProcessResultQueue(() => undefined);
    const error = new Error('poison');
    const consumer = queue.consume(() => Promise.reject(error));

    await expect(queue.submit(sampleResult())).rejects.toBe(error);

    await consumer.stop();
  });

  describe('while the database is away', () => {
    const away = new AppError('unavailable', 'no connection');
    const push = (values: Partial<CheckResult> = {}) => sampleResult({ kind: 'push', ...values });

    it('soon tells a push to come again, and keeps what checks found, in order', async () => {
      const queue = new InProcessResultQueue(() => undefined, { patienceMs: 0, batchSize: 2 });
      const calls = new Arrivals<number>();
      const stored = new Arrivals<CheckResult>();
      let isAway = true;
      const consumer = queue.consume((batch) => {
        calls.add(batch.length);
        if (isAway) return Promise.reject(away);
        return Promise.resolve(batch.forEach(stored.add));
      });
      const checks = Array.from({ length: 5 }, (_, i) => sampleResult({ startedAt: NOON + i }));
      const kept = [queue.submit(checks[0]!)];
      const refused = [queue.submit(push())];
      kept.push(queue.submit(checks[1]!), queue.submit(checks[2]!));
      refused.push(queue.submit(push()));

      await calls.first(1);
      for (const submission of refused) await expect(submission).rejects.toMatchObject({ code: 'unavailable' });
      await expect(queue.submit(push())).rejects.toMatchObject({ code: 'unavailable' });
      kept.push(queue.submit(checks[3]!), queue.submit(checks[4]!));
      isAway = false;
      await Promise.all(kept);

      expect(stored.all).toEqual(checks);
      await expect(queue.submit(push())).resolves.toBeUndefined();
      await consumer.stop();
    });

    it('tries again for every push when nothing else waits', async () => {
      const queue = new InProcessResultQueue(() => undefined, { patienceMs: 0 });
      let isAway = true;
      const consumer = queue.consume(() => (isAway ? Promise.reject(away) : Promise.resolve()));

      await expect(queue.submit(push())).rejects.toMatchObject({ code: 'unavailable' });
      await turn();
      isAway = false;

      await eventually('a push is taken', () =>
        queue.submit(push()).then(
          () => true,
          () => false,
        ),
      );
      await consumer.stop();
    });

    it('lets a push wait for a moment', async () => {
      const queue = new InProcessResultQueue(() => undefined);
      let attempts = 0;
      const consumer = queue.consume(() => (++attempts < 3 ? Promise.reject(away) : Promise.resolve()));

      await expect(queue.submit(push())).resolves.toBeUndefined();

      expect(attempts).toBe(3);
      await consumer.stop();
    });
  });

  it('never hands over more at once than told', async () => {
    const queue = new InProcessResultQueue(() => undefined, { batchSize: 10 });
    const sizes = new Arrivals<number>();
    const submissions = Array.from({ length: 35 }, () => queue.submit(sampleResult()));

    const consumer = queue.consume((batch) => Promise.resolve(sizes.add(batch.length)));

    await Promise.all(submissions);
    expect(sizes.all).toEqual([10, 10, 10, 5]);
    await consumer.stop();
  });

  it('stores what waits when it is stopped, and refuses what comes later', async () => {
    const queue = new InProcessResultQueue(() => undefined, { batchSize: 2 });
    const sizes = new Arrivals<number>();
    const consumer = queue.consume((batch) => Promise.resolve(sizes.add(batch.length)));
    const waiting = Array.from({ length: 5 }, () => queue.submit(sampleResult()));

    await consumer.stop();

    await expect(Promise.all(waiting)).resolves.toHaveLength(5);
    await expect(queue.submit(sampleResult())).rejects.toMatchObject({ code: 'unavailable' });
    await expect(queue.depth()).resolves.toBe(0);
  });
});
