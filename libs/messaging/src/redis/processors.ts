import { SECOND } from '@app/core';
import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import type { Type } from '@nestjs/common';
import { Inject } from '@nestjs/common';
import { RedisCheckQueue } from './redis.check-queue';
import type { SealedChecks } from './redis.check-queue';
import { RedisResultQueue } from './redis.result-queue';
import type { QueuedResults } from './redis.result-queue';

export const CHECKS_QUEUE = 'checks';

export function resultsQueue(shard: number): string {
  return `results-${shard}`;
}

/** A batch whose process is gone is somebody else's after `lockDuration` plus `stalledInterval`, ms. */
const LOCKS = { lockDuration: 5 * SECOND, stalledInterval: 2.5 * SECOND };
/** A batch is never given up because its processes died; what it holds says itself when it is too old. */
const NEVER = 1_000_000;
/** `autorun` false: nothing is taken before the port's `consume`. */
const WORKER = { ...LOCKS, maxStalledCount: NEVER, autorun: false, concurrency: 1 };

@Processor(CHECKS_QUEUE, WORKER)
export class ChecksProcessor extends WorkerHost {
  constructor(@Inject(RedisCheckQueue) private readonly checks: RedisCheckQueue) {
    super();
  }

  override process(batch: Job<SealedChecks>, token?: string): Promise<void> {
    return this.checks.process(batch, token);
  }
}

/** BullMQ has one worker per queue, and Nest one processor class per worker. */
export function resultsProcessor(shard: number): Type<WorkerHost> {
  @Processor(resultsQueue(shard), WORKER)
  class ResultsProcessor extends WorkerHost {
    constructor(@Inject(RedisResultQueue) private readonly results: RedisResultQueue) {
      super();
    }

    override process(batch: Job<QueuedResults>, token?: string): Promise<void> {
      return this.results.process(batch, token);
    }
  }
  return ResultsProcessor;
}
