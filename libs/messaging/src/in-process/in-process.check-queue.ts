import { CheckQueue } from '@app/core';
import type { CheckJob, Consumer, RunCheck } from '@app/core';
import type { FaultReporter } from '../fault-reporter';

/** In one process nobody else takes a check over. */
const HELD = { held: true };

export class InProcessCheckQueue extends CheckQueue {
  /** Monitors with a check waiting or running: at most one each, which also bounds the queue. */
  private readonly taken = new Set<string>();
  private waiting: CheckJob[] = [];
  /** Jobs before this place have been started; the array is cut now and then instead of at every job. */
  private head = 0;
  private running = 0;
  private consumer: { concurrency: number; run: RunCheck } | null = null;
  /** Told when the last run has ended. */
  private whenIdle: (() => void)[] = [];

  constructor(private readonly report: FaultReporter) {
    super();
  }

  override offer(job: CheckJob): Promise<boolean> {
    if (this.taken.has(job.monitorId)) return Promise.resolve(false);
    this.taken.add(job.monitorId);
    this.waiting.push(job);
    this.pump();
    return Promise.resolve(true);
  }

  override consume(concurrency: number, run: RunCheck): Consumer {
    this.consumer = { concurrency, run };
    this.pump();
    return {
      stop: () => {
        this.consumer = null;
        if (this.running === 0) return Promise.resolve();
        return new Promise((resolve) => {
          this.whenIdle.push(resolve);
        });
      },
    };
  }

  override depth(): Promise<number> {
    return Promise.resolve(this.waiting.length - this.head);
  }

  private pump(): void {
    while (this.consumer && this.running < this.consumer.concurrency && this.head < this.waiting.length) {
      const job = this.waiting[this.head++]!;
      if (this.head === this.waiting.length) {
        this.waiting = [];
        this.head = 0;
      } else if (this.head === 1024) {
        this.waiting.splice(0, this.head);
        this.head = 0;
      }
      this.running++;
      void this.runOne(job, this.consumer.run);
    }
  }

  private async runOne(job: CheckJob, run: RunCheck): Promise<void> {
    try {
      await run(job, HELD);
    } catch (error) {
      this.report(error, `check of monitor ${job.monitorId}`);
    } finally {
      this.taken.delete(job.monitorId);
      this.running--;
      if (this.running === 0) for (const idle of this.whenIdle.splice(0)) idle();
      this.pump();
    }
  }
}
