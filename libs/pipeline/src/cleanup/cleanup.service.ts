import { setTimeout as delay } from 'node:timers/promises';
import { Clock, DAY, Lock, Timeline } from '@app/core';
import type { Retention } from '@app/core';
import { AuditService } from '@app/modules/audit';
import { AttemptsService, SessionsService } from '@app/modules/auth';
import { SettingsService } from '@app/modules/settings';
import { Injectable, Logger } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { DeliveriesRepository } from '../notifier/deliveries.repository';

const DEFAULT_KEEP_DAYS = 365;
const KEEP_MINUTES_DAYS = 30;
const KEEP_HOURS_DAYS = 730;
const KEEP_DELIVERIES_DAYS = 90;
/** Between two small batches, so that nothing else has to wait for the writer. */
const PAUSE_MS = 20;

/** Takes away what is too old, once an hour, in small batches, in one process of all. */
@Injectable()
export class CleanupService {
  private readonly logger = new Logger('Cleanup');
  private readonly stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly timeline: Timeline,
    private readonly deliveries: DeliveriesRepository,
    private readonly sessions: SessionsService,
    private readonly attempts: AttemptsService,
    private readonly audit: AuditService,
    private readonly settings: SettingsService,
    private readonly lock: Lock,
    private readonly clock: Clock,
  ) {}

  @Cron('0 * * * *')
  run(): Promise<unknown> {
    if (this.stopping.signal.aborted) return Promise.resolve();
    this.running = this.lock
      .tryRun('cleanup', (signal) => this.clean(AbortSignal.any([signal, this.stopping.signal])))
      .catch((error: unknown) => this.logger.error({ err: error }, 'Cleanup failed; it goes on in an hour'));
    return this.running;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async clean(signal: AbortSignal): Promise<void> {
    const now = this.clock.now();
    const retention = await this.retention(now);
    await inBatches(signal, () => this.timeline.prune(retention));
    await inBatches(signal, () => this.audit.prune());
    const before = new Date(now - KEEP_DELIVERIES_DAYS * DAY);
    await inBatches(signal, () => this.deliveries.deleteSomeFinishedBefore(before));
    if (signal.aborted) return;
    await this.sessions.purge();
    await this.attempts.purge();
  }

  private async retention(now: number): Promise<Retention> {
    const days = Number.parseInt((await this.settings.get('KEEP_DATA_PERIOD_DAYS')) ?? '', 10);
    const keep = Number.isNaN(days) ? DEFAULT_KEEP_DAYS : Math.max(days, 1);
    return {
      beatsBefore: now - keep * DAY,
      seriesBefore: { minute: now - KEEP_MINUTES_DAYS * DAY, hour: now - KEEP_HOURS_DAYS * DAY },
    };
  }
}

/** `prune` says whether there is more. */
async function inBatches(signal: AbortSignal, prune: () => Promise<boolean>): Promise<void> {
  while (!signal.aborted && (await prune())) await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
}
