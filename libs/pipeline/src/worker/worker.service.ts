import { CheckQueue, Clock, ResultQueue, SECOND, messageOf } from '@app/core';
import type { CheckJob, CheckResult, Consumer, Lease } from '@app/core';
import { runCheck, watchesExpiry } from '@app/checkers';
import type { Verdict } from '@app/checkers';
import { Outbound } from '@app/outbound';
import { Config } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import { LoopLag } from './loop-lag';

/** A job older than this many intervals is not run any more: the next tick is due. */
const STALE_INTERVALS = 1.5;
/** How long checks in flight may go on when the server stops. */
const STOP_GRACE_MS = 5 * SECOND;
const REPORT_EVERY_MS = 10 * SECOND;

/** Runs checks. Knows neither the database nor what a result leads to. */
@Injectable()
export class WorkerService {
  private readonly logger = new Logger('Worker');
  /** Checks that run; each has a controller of its own, because signals joined with one that lives on are never freed. */
  private readonly inFlight = new Set<AbortController>();
  private consumer: Consumer | undefined;
  /** Results that could not be handed on since it was told last. */
  private lost = 0;
  private nextReportAt = 0;

  constructor(
    private readonly checks: CheckQueue,
    private readonly results: ResultQueue,
    private readonly outbound: Outbound,
    private readonly lag: LoopLag,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  start(): void {
    this.lag.start();
    this.consumer = this.checks.consume(this.config.env.QUEUE_CONCURRENCY, (job, lease) => this.run(job, lease));
  }

  /** Lets checks in flight end; those that take too long are abandoned without a result. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => {
      for (const check of this.inFlight) check.abort(new Error('the server stops'));
    }, STOP_GRACE_MS);
    await this.consumer?.stop();
    clearTimeout(timer);
    this.lag.stop();
  }

  private async run(job: CheckJob, lease: Lease): Promise<void> {
    const age = this.clock.now() - job.scheduledAt;
    if (age > STALE_INTERVALS * job.rules.intervalSeconds * SECOND) {
      this.logger.warn({ monitorId: job.monitorId, ageMs: age }, 'Check dropped: it waited too long for a worker');
      return;
    }
    const result = (await this.check(job)) ?? (await this.check(job));
    if (!result) {
      this.logger.warn({ monitorId: job.monitorId }, 'Check left out: this process was too slow to judge by time');
      return;
    }
    if (!lease.held) {
      this.logger.warn({ monitorId: job.monitorId }, 'Check left out: it may have passed to another worker meanwhile');
      return;
    }
    // Not awaited: while the database is away, results wait in their queue and checks go on.
    this.results.submit(result).catch((error: unknown) => this.reportLoss(job.monitorId, error));
  }

  /** One line in ten seconds, however many are lost. */
  private reportLoss(monitorId: string, error: unknown): void {
    this.lost += 1;
    if (this.clock.now() < this.nextReportAt) return;
    this.logger.error({ monitorId, lost: this.lost, reason: messageOf(error) }, 'Results lost');
    this.nextReportAt = this.clock.now() + REPORT_EVERY_MS;
    this.lost = 0;
  }

  /** @returns null when the check failed while this process was not running freely: that says nothing of the target. */
  private async check(job: CheckJob): Promise<CheckResult | null> {
    const startedAt = this.clock.now();
    const verdict = await this.runWithin(job, job.timeoutSeconds * SECOND);
    if (verdict.status === 'down' && this.lag.wasLateSince(startedAt)) return null;
    return resultOf(job, verdict, startedAt, this.clock.now());
  }

  private async runWithin(job: CheckJob, timeoutMs: number): Promise<Verdict> {
    const check = new AbortController();
    const timer = setTimeout(() => check.abort(deadline()), timeoutMs);
    this.inFlight.add(check);
    try {
      const { outbound } = this;
      const { proxy, timeoutSeconds } = job;
      return await runCheck(job, { signal: check.signal, timeoutSeconds, outbound, proxy });
    } finally {
      clearTimeout(timer);
      this.inFlight.delete(check);
    }
  }
}

/** What signals of `AbortSignal.timeout` are aborted with. */
function deadline(): DOMException {
  return new DOMException('context deadline exceeded', 'TimeoutError');
}

function resultOf(job: CheckJob, verdict: Verdict, startedAt: number, endedAt: number): CheckResult {
  const { status, message, latencyMs = endedAt - startedAt, certificate } = verdict;
  return {
    kind: 'check',
    monitorId: job.monitorId,
    status,
    message,
    startedAt,
    endedAt: Math.max(startedAt, endedAt),
    latencyMs,
    nonce: 0,
    rules: job.rules,
    certificate: certificate && {
      document: certificate,
      notifyAtDays: watchesExpiry(job) ? job.notifyAtDays : [],
    },
  };
}
