import { SECOND } from '@app/core';
import type { WorkerHost } from '@nestjs/bullmq';
import type { OnApplicationBootstrap, OnApplicationShutdown, Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import type { Queue, Worker } from 'bullmq';
import type { FaultReporter } from '../fault-reporter';
import type { RedisConnections } from './connections';
import type { SealedChecks } from './redis.check-queue';
import type { QueuedResults, RedisResultQueue } from './redis.result-queue';

/** How long a process that stops tries to hand over results that Redis does not take. */
const DRAIN_MS = 2 * SECOND;

export interface Queues {
  checks: Queue<SealedChecks>;
  /** One per shard. */
  results: Queue<QueuedResults>[];
}

/** Starts what Redis has to know, and closes everything in the order in which it needs each other. */
export class RedisLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly connections: RedisConnections,
    private readonly queues: Queues,
    private readonly results: RedisResultQueue,
    private readonly processors: readonly Type<WorkerHost>[],
    private readonly modules: ModuleRef,
    private readonly report: FaultReporter,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const queue of this.all) queue.on('error', (error) => this.report(error, `the queue ${queue.name}`));
    for (const worker of this.workers) {
      worker.on('error', (error) => this.report(error, `the worker of ${worker.name}`));
      worker.on('failed', (job, error) => this.report(error, `batch ${job?.id ?? ''} of ${worker.name}`));
    }
    await this.oneBatchPerShard();
    // A Redis that lost its data lost this as well.
    this.connections.queues.on('ready', () => {
      this.oneBatchPerShard().catch((error: unknown) => this.report(error, 'limiting the queues of results'));
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.results.drain(AbortSignal.timeout(DRAIN_MS));
    await Promise.all(this.workers.map((worker) => worker.close()));
    await Promise.all(this.all.map((queue) => queue.close()));
    await this.connections.close();
  }

  private get all(): Queue[] {
    return [this.queues.checks, ...this.queues.results];
  }

  private get workers(): Worker[] {
    return this.processors.map((processor) => this.modules.get(processor, { strict: false }).worker);
  }

  private async oneBatchPerShard(): Promise<void> {
    await Promise.all(this.queues.results.map((queue) => queue.setGlobalConcurrency(1)));
  }
}
