import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, ResultQueue, SECOND, isAppError, stableHash } from '@app/core';
import type { CheckResult, Consumer } from '@app/core';
import type { Job, Queue, Worker } from 'bullmq';
import { DelayedError, WaitingError } from 'bullmq';
import type { FaultReporter } from '../fault-reporter';
import { batchId, countIn } from './batch-id';
import { Outbox } from './outbox';
import { reaching } from './redis-errors';

/** Version of what is in the queue; see `CHECKS_VERSION`. */
export const RESULTS_VERSION = 1;
const NEWER_RETRY_MS = SECOND;
/** While too many results wait, their number is asked for this often. */
const LOOK_EVERY_MS = 0.1 * SECOND;

/** A batch as it is in Redis. Results hold no secrets. */
export interface QueuedResults {
  version: number;
  results: CheckResult[];
}

/** A part of the monitors: its queue, and where it is consumed, its worker. */
export interface Shard {
  queue: Queue<QueuedResults>;
  worker: () => Worker | undefined;
}

export interface RedisResultQueueOptions {
  /** Results that may wait in Redis and here together; then `submit` refuses. */
  capacity?: number;
}

/**
 * Results in batches through BullMQ. Every monitor belongs to one shard, and of a shard one batch is in hand in the
 * whole cluster, so results of a monitor are applied in their order whichever ingester gets them.
 */
export class RedisResultQueue extends ResultQueue {
  private readonly outboxes: Outbox[];
  private readonly capacity: number;
  private consumer: { apply: Apply; stopping: AbortSignal } | null = null;
  /** How many wait in Redis, as far as known here. */
  private known = 0;
  private lookedAt = 0;

  constructor(
    private readonly shards: readonly Shard[],
    private readonly report: FaultReporter,
    { capacity = 100_000 }: RedisResultQueueOptions = {},
  ) {
    super();
    this.capacity = capacity;
    this.outboxes = shards.map(({ queue }) => new Outbox((results) => this.send(queue, results), report));
  }

  override async submit(result: CheckResult): Promise<void> {
    if (this.waitingHere + this.known >= this.capacity) await this.look();
    if (this.waitingHere + this.known >= this.capacity) {
      throw new AppError('too_many_requests', 'Too many results are waiting to be stored');
    }
    await this.outboxes[stableHash(result.monitorId) % this.outboxes.length]!.add(result);
  }

  override consume(apply: Apply): Consumer {
    const stop = new AbortController();
    this.consumer = { apply, stopping: stop.signal };
    const workers = this.shards.map(({ worker }) => {
      const one = worker();
      if (!one) throw new Error('this process was not set up to consume results');
      return one;
    });
    for (const worker of workers) {
      worker.resume().catch((error: unknown) => this.report(error, 'taking results from the queue'));
    }
    let stopped: Promise<unknown> | null = null;
    return {
      stop: async () => {
        stop.abort();
        await (stopped ??= Promise.all(workers.map((worker) => worker.pause())));
      },
    };
  }

  override async depth(): Promise<number> {
    this.known = await this.count();
    return this.known + this.waitingHere;
  }

  /** What the BullMQ workers do with a batch. */
  async process(batch: Job<QueuedResults>, token: string | undefined): Promise<void> {
    const { consumer } = this;
    if (!consumer || consumer.stopping.aborted) return giveBack(batch, token);
    const { version, results } = batch.data;
    if (version > RESULTS_VERSION) {
      this.report(new Error(`batch of version ${version}`), 'left to a newer ingester');
      await batch.moveToDelayed(Date.now() + NEWER_RETRY_MS, token);
      throw new DelayedError();
    }
    if (!(await this.hand(results, consumer))) await giveBack(batch, token);
  }

  /** Sends what waits here; what Redis does not take in time is lost. */
  async drain(deadline: AbortSignal): Promise<void> {
    await Promise.all(this.outboxes.map((outbox) => outbox.drain(deadline)));
  }

  private get waitingHere(): number {
    return this.outboxes.reduce((sum, outbox) => sum + outbox.size, 0);
  }

  private async send(queue: Queue<QueuedResults>, results: CheckResult[]): Promise<void> {
    await queue.add('results', { version: RESULTS_VERSION, results }, { jobId: batchId(results.length) });
    this.known += results.length;
  }

  /** @returns false when the database is away and the consumer stops: the batch is for somebody else. */
  private async hand(
    results: readonly CheckResult[],
    consumer: { apply: Apply; stopping: AbortSignal },
  ): Promise<boolean> {
    for (let attempt = 0; ; attempt++) {
      try {
        await consumer.apply(results);
        return true;
      } catch (error) {
        if (!isAppError(error, 'unavailable')) return this.split(results, error, consumer);
        if (consumer.stopping.aborted) return false;
        if (attempt === 0) this.report(error, `storing ${results.length} results; trying again until it works`);
        const pauseMs = Math.min(0.1 * SECOND * 2 ** attempt, 5 * SECOND);
        await delay(pauseMs, undefined, { signal: consumer.stopping }).catch(() => undefined);
      }
    }
  }

  /** A result that cannot be applied must not take the others with it. */
  private async split(
    results: readonly CheckResult[],
    error: unknown,
    consumer: { apply: Apply; stopping: AbortSignal },
  ): Promise<boolean> {
    if (results.length === 1) {
      this.report(error, `storing a result of monitor ${results[0]!.monitorId}`);
      return true;
    }
    // What is applied twice because a later one had to be given back leaves nothing the second time.
    for (const one of results) if (!(await this.hand([one], consumer))) return false;
    return true;
  }

  private async look(): Promise<void> {
    const now = performance.now();
    if (now - this.lookedAt < LOOK_EVERY_MS) return;
    this.lookedAt = now;
    this.known = await this.count();
  }

  private async count(): Promise<number> {
    const ids = await reaching(() =>
      Promise.all(this.shards.map(({ queue }) => queue.getRanges(['wait', 'active', 'delayed'], 0, -1))),
    );
    return ids.flat().reduce((sum, id) => sum + countIn(id), 0);
  }
}

type Apply = (results: readonly CheckResult[]) => Promise<void>;

/** @throws WaitingError, which tells BullMQ that the job is in the queue again. */
async function giveBack(batch: Job, token: string | undefined): Promise<never> {
  await batch.moveToWait(token);
  throw new WaitingError();
}
