import { CheckQueue, EventBus, ResultQueue, Schedule, SECOND, newId } from '@app/core';
import type { CheckResult } from '@app/core';
import { RedisConnections } from '@app/messaging/redis';
import { getQueueToken } from '@nestjs/bullmq';
import type { Queue } from 'bullmq';
import { NOON } from '../support/clock';
import { eventually } from '../support/eventually';
import { sampleJob, sampleResult } from '../support/samples';
import { describeRedis, openRedis, redisSettings } from '../support/redis';
import { Arrivals, gate, turn } from './waiting';

type Process = Awaited<ReturnType<typeof openRedis>>;

/** What holds between processes, which the contracts of the ports cannot see from inside one. */
describeRedis('processes on one Redis', () => {
  let redis: ReturnType<typeof redisSettings>;
  let processes: Process[];

  beforeEach(() => {
    redis = redisSettings();
    processes = [];
  });

  afterEach(() => Promise.all(processes.map(({ close }) => close())));

  const start = async (resultShards = 1) => {
    const process = await openRedis({ redis, resultShards });
    processes.push(process);
    return process;
  };

  it('run one check of a monitor at a time, whoever offers and whoever runs', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    const monitorId = newId();
    const started = new Arrivals<string>();
    const end = gate();
    const run = () => {
      started.add(monitorId);
      return end.passed;
    };
    const consumers = [one, two].map(({ app }) => app.get(CheckQueue).consume(4, run));

    const offers = Array.from({ length: 10 }, (_, i) =>
      (i % 2 ? one : two).app.get(CheckQueue).offer(sampleJob({ monitorId })),
    );

    expect((await Promise.all(offers)).filter(Boolean)).toHaveLength(1);
    await started.first(1);
    await expect(two.app.get(CheckQueue).offer(sampleJob({ monitorId }))).resolves.toBe(false);
    end.open();
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    expect(started.all).toHaveLength(1);
  });

  it('share the checks of a queue', async () => {
    const workers = await Promise.all([start(), start()]);
    const ran = workers.map(() => new Set<string>());
    const ids = Array.from({ length: 300 }, () => newId());
    const consumers = workers.map(({ app }, i) =>
      app.get(CheckQueue).consume(8, async ({ monitorId }) => {
        ran[i]!.add(monitorId);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }),
    );

    await Promise.all(ids.map((monitorId) => workers[0].app.get(CheckQueue).offer(sampleJob({ monitorId }))));

    await eventually(
      'all ran',
      () => ran[0]!.size + ran[1]!.size,
      (size) => size === ids.length,
    );
    expect(Math.min(...ran.map(({ size }) => size))).toBeGreaterThan(30);
    await Promise.all(consumers.map((consumer) => consumer.stop()));
  });

  it('tell a worker that stood still that its check is void, and run the next tick elsewhere', async () => {
    const [frozen, healthy] = await Promise.all([start(), start()]);
    const monitorId = newId();
    const taken = new Arrivals<{ held: boolean }>();
    const end = gate();
    const first = frozen.app.get(CheckQueue).consume(1, (_, lease) => {
      taken.add(lease);
      return end.passed;
    });
    await frozen.app.get(CheckQueue).offer(sampleJob({ monitorId }));
    const [lease] = await taken.first(1);
    expect(lease!.held).toBe(true);

    // As Redis sees it, the lease has run out.
    const keys = frozen.app.get(RedisConnections).commands;
    await keys.zadd(`{${redis.keyPrefix}}:checks:ends`, 1, monitorId);

    const again = new Arrivals<string>();
    const second = healthy.app.get(CheckQueue).consume(1, (job) => Promise.resolve(again.add(job.monitorId)));
    await expect(healthy.app.get(CheckQueue).offer(sampleJob({ monitorId }))).resolves.toBe(true);
    await expect(again.first(1)).resolves.toEqual([monitorId]);
    await eventually(
      'the first worker knows',
      () => lease!.held,
      (held) => !held,
    );
    end.open();
    await Promise.all([first.stop(), second.stop()]);
  });

  it('run the checks of a batch once, also when it comes to two of them', async () => {
    const workers = await Promise.all([start(), start()]);
    const ids = Array.from({ length: 5 }, () => newId());
    await Promise.all(ids.map((monitorId) => workers[0].app.get(CheckQueue).offer(sampleJob({ monitorId }))));
    // As BullMQ does with a batch whose worker seems to be gone.
    const queue = workers[0].app.get<Queue>(getQueueToken('checks'));
    const [batch] = await queue.getWaiting();
    await queue.add('checks', batch!.data, { jobId: `again_${ids.length}` });
    const ran = new Arrivals<string>();
    const end = gate();

    const consumers = workers.map(({ app }) =>
      app.get(CheckQueue).consume(8, ({ monitorId }) => {
        ran.add(monitorId);
        return end.passed;
      }),
    );

    await eventually(
      'both batches were taken',
      () => queue.getWaitingCount(),
      (count) => count === 0,
    );
    await ran.first(5);
    end.open();
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    expect(ran.all.sort()).toEqual(ids.sort());
  });

  it('apply the results of a monitor in order, also when ingesters come and go', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    const ids = Array.from({ length: 4 }, () => newId());
    const applied = new Arrivals<CheckResult>();
    const apply = async (batch: readonly CheckResult[]) => {
      await turn();
      batch.forEach(applied.add);
    };
    const first = one.app.get(ResultQueue).consume(apply);
    const second = two.app.get(ResultQueue).consume(apply);
    const results = Array.from({ length: 600 }, (_, i) =>
      sampleResult({ kind: 'push', monitorId: ids[i % 4], startedAt: NOON + i, nonce: i }),
    );

    for (const [i, result] of results.entries()) {
      await one.app.get(ResultQueue).submit(result);
      if (i === 300) await first.stop();
    }

    const all = await applied.first(600);
    for (const id of ids) {
      const own = (list: CheckResult[]) => list.filter(({ monitorId }) => monitorId === id);
      expect(own(all)).toEqual(own(results));
    }
    await second.stop();
  });

  it('leave batches of a newer version to newer processes', async () => {
    const { app, faults } = await start();
    const queue = app.get<Queue>(getQueueToken('results-0'));
    await queue.add('results', { version: 2, results: [], news: true }, { jobId: 'newer_1' });
    const applied = new Arrivals<CheckResult>();
    const consumer = app.get(ResultQueue).consume((batch) => Promise.resolve(batch.forEach(applied.add)));
    const known = sampleResult();

    await app.get(ResultQueue).submit(known);

    await expect(applied.first(1)).resolves.toEqual([known]);
    await expect(faults.first(1)).resolves.toMatchObject([{ message: 'batch of version 2' }]);
    await expect(queue.getJob('newer_1')).resolves.toMatchObject({ data: { news: true } });
    await consumer.stop();
  });

  it('bring events to each other, and tell when some may be missing', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    const [seen, lost] = [new Arrivals<string>(), new Arrivals<unknown>()];
    two.app.get(EventBus).subscribe('user.changed', ({ id }) => seen.add(id));
    two.app.get(EventBus).subscribe('messages.lost', lost.add);
    await eventually(
      'the event arrives',
      () => {
        one.app.get(EventBus).publish('user.changed', { id: 'a' });
        return seen.all.length;
      },
      (count) => count > 0,
    );

    two.app.get(RedisConnections).subscriber.disconnect(true);

    await lost.first(1);
    const before = seen.all.length;
    await eventually(
      'events arrive again',
      () => {
        one.app.get(EventBus).publish('user.changed', { id: 'b' });
        return seen.all.slice(before);
      },
      (ids) => ids.includes('b'),
    );
  });

  it('notice that the schedule is gone, and fill it again', async () => {
    const { app } = await start();
    const schedule = app.get(Schedule);
    const entries = [{ id: newId(), intervalMs: 20 * SECOND }];
    await schedule.sync(entries);
    await schedule.claim(1);
    expect(schedule.lost).toBe(false);

    const { commands } = app.get(RedisConnections);
    await commands.del(...(await (commands as import('ioredis').Redis).keys(`{${redis.keyPrefix}}:schedule:*`)));
    await expect(schedule.claim(1)).resolves.toEqual([]);
    expect(schedule.lost).toBe(true);

    await schedule.sync(entries);
    await schedule.put(entries[0]!, { immediately: true });
    await expect(schedule.claim(1)).resolves.toEqual([entries[0]!.id]);
    expect(schedule.lost).toBe(false);
  });
});
