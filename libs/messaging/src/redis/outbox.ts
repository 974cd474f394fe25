import { setTimeout as delay } from 'node:timers/promises';
import { AppError, SECOND } from '@app/core';
import type { CheckResult } from '@app/core';
import type { FaultReporter } from '../fault-reporter';
import { reaching } from './redis-errors';

/** Results that go together. */
const BATCH = 200;
/** How long a push, whose sender waits for the answer, waits for company, ms. */
const GATHER_MS = 4;
/** How long the outcome of a check does, which nobody waits for, ms. */
const UNHURRIED_MS = 80;
/** Redis is away when it has not taken a batch by then. */
const SEND_TIMEOUT_MS = 5 * SECOND;
const RETRY_MS = SECOND;

interface Waiting {
  result: CheckResult;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Results on their way from this process into Redis, one batch at a time and in order. While Redis is away, outcomes
 * of checks wait here; a push is refused, because its sender can try again.
 */
export class Outbox {
  private waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | null = null;
  private sending: Promise<void> | null = null;
  private drained = false;

  constructor(
    private readonly send: (results: CheckResult[]) => Promise<void>,
    private readonly report: FaultReporter,
  ) {}

  get size(): number {
    return this.waiting.length;
  }

  add(result: CheckResult): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ result, resolve, reject });
      this.schedule();
    });
  }

  /** Sends what waits; what is left when `deadline` comes is given up. */
  async drain(deadline: AbortSignal): Promise<void> {
    this.drained = true;
    while (this.waiting.length > 0 && !deadline.aborted) {
      const aborted = new Promise<void>((resolve) =>
        deadline.addEventListener('abort', () => resolve(), { once: true }),
      );
      await Promise.race([this.start(), aborted]);
    }
    for (const { reject } of this.waiting.splice(0)) reject(new AppError('unavailable', 'Redis is not available'));
  }

  private schedule(): void {
    if (this.sending) return; // whoever sends looks again
    if (this.drained || this.waiting.length >= BATCH) void this.start();
    else if (isUrgent(this.waiting.at(-1)!)) this.startIn(GATHER_MS);
    else if (!this.timer) this.startIn(UNHURRIED_MS);
  }

  private startIn(ms: number): void {
    if (this.timer && ms === UNHURRIED_MS) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.start(), ms);
  }

  private start(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    return (this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
      if (this.waiting.length > 0) this.schedule();
    }));
  }

  private async sendAll(): Promise<void> {
    for (let failures = 0; this.waiting.length > 0;) {
      const batch = this.waiting.slice(0, BATCH);
      try {
        await this.sendInTime(batch.map(({ result }) => result));
        this.waiting.splice(0, batch.length);
        for (const { resolve } of batch) resolve();
        if (this.waiting.length < BATCH && !this.waiting.some(isUrgent)) return; // let company come
        failures = 0;
      } catch (error) {
        if (failures++ === 0) this.report(error, `queueing ${batch.length} results; trying again until it works`);
        this.refusePushes(error);
        await delay(RETRY_MS);
      }
    }
  }

  private async sendInTime(results: CheckResult[]): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new AppError('unavailable', 'Redis is not available')), SEND_TIMEOUT_MS);
    });
    try {
      await Promise.race([reaching(() => this.send(results)), tooLong]);
    } finally {
      clearTimeout(timer);
    }
  }

  private refusePushes(error: unknown): void {
    for (const one of this.waiting) if (isUrgent(one)) one.reject(error);
    this.waiting = this.waiting.filter((one) => !isUrgent(one));
  }
}

function isUrgent({ result }: Waiting): boolean {
  return result.kind === 'push';
}
