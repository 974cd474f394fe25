import { CheckQueue, EventBus, Lock, Presence, RateCounter, ResultQueue, Schedule } from '@app/core';
import { BullModule, getQueueToken } from '@nestjs/bullmq';
import type { WorkerHost } from '@nestjs/bullmq';
import { Logger, Module } from '@nestjs/common';
import type { DynamicModule, FactoryProvider, Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Queue } from 'bullmq';
import type { FaultReporter } from '../fault-reporter';
import { CheckLeases } from './check-leases';
import { RedisConnections } from './connections';
import { RedisLifecycle } from './lifecycle';
import type { Queues } from './lifecycle';
import { CHECKS_QUEUE, ChecksProcessor, resultsProcessor, resultsQueue } from './processors';
import type { RedisSettings } from './redis-connection';
import { redisTime } from './redis-time';
import type { RedisTime } from './redis-time';
import { RedisCheckQueue } from './redis.check-queue';
import type { SealedChecks } from './redis.check-queue';
import { RedisEventBus } from './redis.event-bus';
import { RedisLock } from './redis.lock';
import { RedisPresence } from './redis.presence';
import { RedisRateCounter } from './redis.rate-counter';
import { RedisResultQueue } from './redis.result-queue';
import type { QueuedResults, RedisResultQueueOptions } from './redis.result-queue';
import { RedisSchedule } from './redis.schedule';
import { SealedPayload } from './sealed-payload';

export interface RedisMessagingOptions {
  redis: RedisSettings;
  /** What batches of checks are sealed with: the same in all processes. */
  queueSecret: string;
  /** Parts of the monitors whose results are applied side by side: the same number in all processes. */
  resultShards: number;
  /** The queues that this process consumes. */
  consumes: { checks: boolean; results: boolean };
  resultQueue?: RedisResultQueueOptions;
  /** Where faults go; the log unless told otherwise. */
  report?: FaultReporter;
  time?: RedisTime;
}

const PORTS = [Schedule, CheckQueue, ResultQueue, EventBus, Lock, Presence, RateCounter];

/** Every messaging port on Redis, for servers that are several processes. */
@Module({})
export class RedisMessagingModule {
  static forRoot(options: RedisMessagingOptions): DynamicModule {
    const { redis, queueSecret, resultShards, consumes, time = redisTime, report = logged() } = options;
    // One hash slot for all keys that scripts touch together: Redis Cluster runs a script on one node.
    const prefix = `{${redis.keyPrefix}}`;
    const connections = new RedisConnections(redis, report);
    const shards = Array.from({ length: resultShards }, (_, shard) => resultsQueue(shard));
    const resultProcessors = consumes.results ? shards.map((_, shard) => resultsProcessor(shard)) : [];
    const processors: Type<WorkerHost>[] = [...resultProcessors, ...(consumes.checks ? [ChecksProcessor] : [])];
    const workerOf = (modules: ModuleRef, processor: Type<WorkerHost> | undefined) => () =>
      processor && modules.get(processor, { strict: false }).worker;

    const providers: FactoryProvider[] = [
      { provide: RedisConnections, useFactory: () => connections },
      { provide: Schedule, useFactory: () => new RedisSchedule(connections.commands, prefix, time) },
      { provide: RateCounter, useFactory: () => new RedisRateCounter(connections.commands, prefix, time) },
      { provide: Presence, useFactory: () => new RedisPresence(connections.commands, prefix, report, time) },
      { provide: Lock, useFactory: () => new RedisLock(connections.commands, prefix) },
      {
        provide: EventBus,
        useFactory: () => new RedisEventBus(connections.commands, connections.subscriber, prefix, report),
      },
      {
        provide: RedisCheckQueue,
        inject: [getQueueToken(CHECKS_QUEUE), ModuleRef],
        useFactory: (queue: Queue<SealedChecks>, modules: ModuleRef) => {
          const leases = new CheckLeases(connections.commands, prefix, queue.toKey('wait'), report);
          const payload = new SealedPayload(queueSecret, 'checks');
          const worker = workerOf(modules, consumes.checks ? ChecksProcessor : undefined);
          return new RedisCheckQueue(queue, leases, payload, report, worker);
        },
      },
      {
        provide: RedisResultQueue,
        inject: [ModuleRef, ...shards.map((name) => getQueueToken(name))],
        useFactory: (modules: ModuleRef, ...queues: Queue<QueuedResults>[]) => {
          const all = queues.map((queue, i) => ({ queue, worker: workerOf(modules, resultProcessors[i]) }));
          return new RedisResultQueue(all, report, options.resultQueue);
        },
      },
      { provide: CheckQueue, inject: [RedisCheckQueue], useFactory: (queue: RedisCheckQueue) => queue },
      { provide: ResultQueue, inject: [RedisResultQueue], useFactory: (queue: RedisResultQueue) => queue },
      {
        provide: RedisLifecycle,
        inject: [
          RedisResultQueue,
          ModuleRef,
          getQueueToken(CHECKS_QUEUE),
          ...shards.map((name) => getQueueToken(name)),
        ],
        useFactory: (
          results: RedisResultQueue,
          modules: ModuleRef,
          checks: Queues['checks'],
          ...queues: Queues['results']
        ) => new RedisLifecycle(connections, { checks, results: queues }, results, processors, modules, report),
      },
    ];
    return {
      module: RedisMessagingModule,
      global: true,
      imports: [
        BullModule.forRoot({
          connection: connections.queues,
          prefix,
          defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
        }),
        BullModule.registerQueue(...[CHECKS_QUEUE, ...shards].map((name) => ({ name }))),
      ],
      providers: [...providers, ...processors],
      exports: [...PORTS, RedisConnections],
    };
  }
}

function logged(): FaultReporter {
  const logger = new Logger('Messaging');
  return (error, what) => logger.error({ err: error }, what);
}
