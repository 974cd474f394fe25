import { CheckQueue, EventBus, Lock, Presence, RateCounter, ResultQueue, Schedule } from '@app/core';
import { timeOf } from '@app/messaging/redis';
import { FakeClock } from '../support/clock';
import { checkQueueContract } from './check-queue.contract';
import { eventBusContract } from './event-bus.contract';
import { lockContract } from './lock.contract';
import { presenceContract } from './presence.contract';
import { rateCounterContract } from './rate-counter.contract';
import { describeRedis, openRedis, redisSettings } from '../support/redis';
import { resultQueueContract } from './result-queue.contract';
import { scheduleContract } from './schedule.contract';

const ENGINE = 'Redis';

describeRedis('with a Redis server', () => {
  checkQueueContract(ENGINE, async () => {
    const { app, ...rest } = await openRedis();
    return { queue: app.get(CheckQueue), ...rest };
  });

  resultQueueContract(ENGINE, async (capacity) => {
    const { app, ...rest } = await openRedis({ resultQueue: { capacity } });
    return { queue: app.get(ResultQueue), ...rest };
  });

  eventBusContract(ENGINE, async () => {
    const { app, ...rest } = await openRedis();
    return { bus: app.get(EventBus), ...rest };
  });

  lockContract(ENGINE, async () => {
    const redis = redisSettings();
    const [one, two] = await Promise.all([openRedis({ redis }), openRedis({ redis })]);
    const close = async () => void (await Promise.all([one.close(), two.close()]));
    return { locks: [one.app.get(Lock), two.app.get(Lock)], close };
  });

  presenceContract(ENGINE, async () => {
    const clock = new FakeClock();
    const { app, close } = await openRedis({ time: timeOf(clock) });
    return { presence: app.get(Presence), clock, close };
  });

  rateCounterContract(ENGINE, async () => {
    const clock = new FakeClock();
    const { app, close } = await openRedis({ time: timeOf(clock) });
    return { counter: app.get(RateCounter), advance: (ms) => clock.advance(ms), close };
  });

  scheduleContract(ENGINE, async () => {
    const clock = new FakeClock();
    const { app, close } = await openRedis({ time: timeOf(clock) });
    return { schedule: app.get(Schedule), clock, close };
  });
});
