import { setTimeout as delay } from 'node:timers/promises';
import { AppError, ResultQueue, SECOND, isAppError } from '@app/core';
import type { CheckResult, Consumer } from '@app/core';
import type { FaultReporter } from '../fault-reporter';

/** Between two attempts to store a batch while the database is away. */
const LONGEST_PAUSE_MS = 2 * SECOND;

interface Waiting {
  result: CheckResult;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export interface ResultQueueOptions {
  /** Results that may wait while the database is away; then `submit` refuses. */
  capacity?: number;
  /** Results handed over at once. */
  batchSize?: number;
  /** How long a push, whose sender waits for the answer, waits for company, ms. */
  gatherMs?: number;
  /** How long the outcome of a check does, which nobody waits for, ms. */
  unhurriedMs?: number;
  /** How long a push waits for a database that is away before it is refused, ms; its sender can come again. */
  patienceMs?: number;
}

/** Batches whatever has arrived; one batch at a time, so results of a monitor stay in order. */
export class InProcessResultQueue extends ResultQueue {
  private waiting: Waiting[] = [];
  private readonly capacity: number;
  private readonly batchSize: number;
  private readonly gatherMs: number;
  private readonly unhurriedMs: number;
  /** Ends the wait of results that are in no hurry. */
  private hurry: (() => void) | null = null;
  private arrived: (() => void) | null = null;
  /** Nobody will store what comes now. */
  private stopped = false;
  private readonly patienceMs: number;
  /** The database has been away for longer than a push waits. */
  private isAway = false;

  constructor(
    private readonly report: FaultReporter,
    { capacity = 100_000, batchSize = 200, gatherMs = 4, unhurriedMs = 40, patienceMs = 1000 }: ResultQueueOptions = {},
  ) {
    super();
    this.capacity = capacity;
    this.batchSize = batchSize;
    this.gatherMs = gatherMs;
    this.unhurriedMs = unhurriedMs;
    this.patienceMs = patienceMs;
  }

  override submit(result: CheckResult): Promise<void> {
    if (this.stopped) return Promise.reject(new AppError('unavailable', 'Results are not stored any more'));
    if (this.isAway && isUrgent(result)) return Promise.reject(away());
    if (this.waiting.length >= this.capacity) {
      return Promise.reject(new AppError('too_many_requests', 'Too many results are waiting to be stored'));
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ result, resolve, reject });
      this.arrived?.();
      if (isUrgent(result) || this.waiting.length >= this.batchSize) this.hurry?.();
    });
  }

  override consume(apply: (results: readonly CheckResult[]) => Promise<void>): Consumer {
    const stopping = new AbortController();
    this.stopped = false;
    const finished = this.run(apply, stopping.signal);
    return {
      stop: () => {
        stopping.abort();
        this.arrived?.();
        this.hurry?.();
        return finished;
      },
    };
  }

  override depth(): Promise<number> {
    return Promise.resolve(this.waiting.length);
  }

  private async run(apply: (results: readonly CheckResult[]) => Promise<void>, stopping: AbortSignal): Promise<void> {
    for (;;) {
      if (this.waiting.length === 0) {
        if (stopping.aborted) {
          this.stopped = true;
          return;
        }
        await new Promise<void>((resolve) => {
          this.arrived = resolve;
        });
        this.arrived = null;
        continue;
      }
      if (this.waiting.length < this.batchSize && !stopping.aborted) await this.gather();
      await this.hand(this.waiting.splice(0, this.batchSize), apply, stopping);
    }
  }

  private async gather(): Promise<void> {
    if (!this.waiting.some(({ result }) => isUrgent(result))) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.unhurriedMs);
        this.hurry = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.hurry = null;
    }
    if (this.waiting.some(({ result }) => isUrgent(result))) await delay(this.gatherMs);
  }

  private async hand(
    batch: Waiting[],
    apply: (results: readonly CheckResult[]) => Promise<void>,
    stopping: AbortSignal,
  ): Promise<void> {
    try {
      await this.tryUntilStored(batch, apply, stopping);
    } finally {
      this.isAway = false;
    }
  }

  private async tryUntilStored(
    batch: Waiting[],
    apply: (results: readonly CheckResult[]) => Promise<void>,
    stopping: AbortSignal,
  ): Promise<void> {
    const startedAt = performance.now();
    for (let attempt = 0; batch.length > 0; attempt++) {
      try {
        await apply(batch.map(({ result }) => result));
        for (const { resolve } of batch) resolve();
        return;
      } catch (error) {
        if (!isAppError(error, 'unavailable')) return this.split(batch, error, apply, stopping);
        if (stopping.aborted) {
          for (const { reject } of batch) reject(error);
          return;
        }
        if (attempt === 0) this.report(error, `storing ${batch.length} results; trying again until it works`);
        if (performance.now() - startedAt >= this.patienceMs) {
          this.isAway = true;
          batch = this.refusePushes(batch, error);
          this.waiting = this.refusePushes(this.waiting, error);
        }
        const pause = Math.min(0.1 * SECOND * 2 ** attempt, LONGEST_PAUSE_MS);
        await delay(pause, undefined, { signal: stopping }).catch(() => {});
      }
    }
  }

  /** They would wait for nobody knows how long. @returns the others */
  private refusePushes(list: Waiting[], cause: unknown): Waiting[] {
    return list.filter(({ result, reject }) => {
      if (isUrgent(result)) reject(away(cause));
      return !isUrgent(result);
    });
  }

  /** A result that cannot be applied must not take the others with it. */
  private async split(
    batch: Waiting[],
    error: unknown,
    apply: (results: readonly CheckResult[]) => Promise<void>,
    stopping: AbortSignal,
  ): Promise<void> {
    if (batch.length === 1) {
      const { result, reject } = batch[0]!;
      this.report(error, `storing a result of monitor ${result.monitorId}`);
      reject(error);
      return;
    }
    for (const one of batch) await this.hand([one], apply, stopping);
  }
}

function away(cause?: unknown): AppError {
  return new AppError('unavailable', 'The database is away', { cause });
}

function isUrgent({ kind }: CheckResult): boolean {
  return kind === 'push';
}
