import { setTimeout as delay } from 'node:timers/promises';
import { CheckQueue, Clock, EventBus, ResultQueue, SECOND, Schedule, isAppError, messageOf } from '@app/core';
import type { CheckJob, CheckResult, ProxySettings, ScheduleEntry } from '@app/core';
import { findMonitorType } from '@app/checkers';
import { MaintenanceCalendar } from '@app/modules/maintenances';
import { Monitor, MonitorsRepository, rulesOf } from '@app/modules/monitors';
import { ProxyDirectory } from '@app/modules/proxies';
import { SettingsService } from '@app/modules/settings';
import { Config } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import { Backlog } from './backlog';
import { expiryThresholds } from './expiry-thresholds';
import { KnownMonitors } from './known-monitors';

/** Monitors read at once while the schedule is filled. */
const PAGE = 500;
/** How often the schedule is compared with the database: heals whatever an event that got lost left wrong. */
const SYNC_EVERY_MS = 300 * SECOND;
/** The same, while the database is away. */
const RETRY_SYNC_AFTER_MS = 5 * SECOND;
const CLAIM_PER_LOOP = 10;
const PAUSE_AFTER_FAULT_MS = SECOND;
const PAUSE_AT_BACKLOG_MS = 0.5 * SECOND;

/** Finds out what is due and hands it to the workers. */
@Injectable()
export class ProducerService {
  private readonly logger = new Logger('Producer');
  private readonly stopping = new AbortController();
  private readonly subscriptions: (() => void)[] = [];
  private running: Promise<void> = Promise.resolve();
  /** Schedule changes take turns, so that the newest state of a monitor always has the last word. */
  private changes: Promise<void> = Promise.resolve();
  private nextSyncAt = 0;
  private triedSyncAt = 0;
  /** Monitors that changed since the sync under way began to read, and whether they were due at once. */
  private changedSinceRead: Map<string, boolean> | null = null;

  constructor(
    private readonly monitors: MonitorsRepository,
    private readonly known: KnownMonitors,
    private readonly maintenances: MaintenanceCalendar,
    private readonly proxies: ProxyDirectory,
    private readonly settings: SettingsService,
    private readonly schedule: Schedule,
    private readonly checks: CheckQueue,
    private readonly results: ResultQueue,
    private readonly backlog: Backlog,
    private readonly bus: EventBus,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  start(): void {
    this.subscriptions.push(
      this.bus.subscribe('monitor.updated', ({ id }) => this.follow(id, false)),
      this.bus.subscribe('monitor.due', ({ id }) => this.follow(id, true)),
      this.bus.subscribe('monitor.deleted', ({ id }) => this.follow(id, false)),
      this.bus.subscribe('messages.lost', () => {
        this.nextSyncAt = 0;
      }),
    );
    this.running = this.run();
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.subscriptions) unsubscribe();
    this.stopping.abort();
    await this.running;
    await this.changes;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const limit = this.config.env.PRODUCER_CONCURRENCY * CLAIM_PER_LOOP;
    while (!signal.aborted) {
      try {
        if (this.clock.now() >= this.nextSyncAt) await this.trySync();
        if (await this.backlog.isHigh()) {
          await delay(PAUSE_AT_BACKLOG_MS, undefined, { signal });
          continue;
        }
        const due = await this.schedule.claim(limit);
        if (this.schedule.lost) this.nextSyncAt = Math.min(this.nextSyncAt, this.triedSyncAt + RETRY_SYNC_AFTER_MS);
        if (due.length > 0) await this.produce(due);
        if (due.length < limit) await this.schedule.wait(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.logger.error({ err: error }, 'Scheduling failed; trying again');
        await delay(PAUSE_AFTER_FAULT_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** What is known goes on being checked while the database is away. */
  private async trySync(): Promise<void> {
    this.triedSyncAt = this.clock.now();
    try {
      await this.sync();
      this.nextSyncAt = this.clock.now() + SYNC_EVERY_MS;
    } catch (error) {
      if (!isAppError(error, 'unavailable')) throw error;
      this.nextSyncAt = this.clock.now() + RETRY_SYNC_AFTER_MS;
      if (this.schedule.lost) await this.schedule.sync(this.known.active().map(entryOf));
      this.logger.warn({ reason: messageOf(error) }, 'The schedule cannot be compared with the database; trying again');
    }
  }

  /** Makes the schedule hold exactly the active monitors. */
  private async sync(): Promise<void> {
    const changed = new Map<string, boolean>();
    this.changedSinceRead = changed;
    const active: Monitor[] = [];
    let after = '';
    for (;;) {
      const page = await this.monitors.findActiveAfter(after, PAGE);
      active.push(...page);
      if (page.length < PAGE) break;
      after = page.at(-1)!.id;
    }
    this.known.replace(active);
    await this.schedule.sync(active.map(entryOf));
    // What changed while the pages were read may be missing in them, or stand there as it was.
    this.changedSinceRead = null;
    for (const [id, immediately] of changed) this.follow(id, immediately);
  }

  private follow(id: string, immediately: boolean): void {
    this.changedSinceRead?.set(id, immediately || (this.changedSinceRead.get(id) ?? false));
    this.changes = this.changes.then(async () => {
      try {
        const monitor = await this.monitors.findById(id);
        this.known.change(id, monitor);
        if (!monitor?.active) await this.schedule.remove(id);
        else await this.schedule.put(entryOf(monitor), { immediately });
      } catch (error) {
        this.logger.error({ monitorId: id, err: error }, 'Rescheduling failed; comparing the whole schedule instead');
        this.nextSyncAt = 0;
      }
    });
  }

  private async produce(ids: readonly string[]): Promise<void> {
    const [{ monitors, gone }, inMaintenance, thresholds] = await Promise.all([
      this.known.findByIds(ids),
      this.maintenances.monitorsNow(),
      this.settings.get('cert_expiry_notify_days'),
    ]);
    const notifyAtDays = expiryThresholds(thresholds);
    const proxies = await this.proxies.find(monitors.flatMap(({ proxyId }) => proxyId ?? []));
    const offers: Promise<unknown>[] = [];
    for (const monitor of monitors) {
      if (!monitor.active) gone.push(monitor.id);
      else if (inMaintenance.has(monitor.id)) this.suspend(monitor);
      else if (isPassive(monitor)) offers.push(this.lookForPush(monitor));
      else offers.push(this.offer(monitor, notifyAtDays, proxies.get(monitor.proxyId ?? '')));
    }
    await Promise.all(offers); // together, because a queue far away takes many as fast as one
    for (const id of gone) await this.schedule.remove(id);
  }

  /** `proxy`: undefined = straight, null = it cannot be used. */
  private async offer(
    monitor: Monitor,
    notifyAtDays: readonly number[],
    proxy: ProxySettings | null | undefined,
  ): Promise<void> {
    if (proxy === null) {
      this.logger.warn({ monitorId: monitor.id, proxyId: monitor.proxyId }, 'Tick left out: its proxy is not known');
      return;
    }
    await this.checks.offer({ ...this.jobOf(monitor, notifyAtDays), ...(proxy && { proxy }) });
  }

  private jobOf(monitor: Monitor, notifyAtDays: readonly number[]): CheckJob {
    return {
      monitorId: monitor.id,
      monitorName: monitor.name,
      type: monitor.type,
      config: monitor.config,
      timeoutSeconds: monitor.timeout,
      rules: rulesOf(monitor),
      scheduledAt: this.clock.now(),
      notifyAtDays,
    };
  }

  /** A beat in place of a check. */
  private suspend(monitor: Monitor): void {
    this.submit(monitor, { kind: 'check', status: 'maintenance', message: 'Monitor under maintenance' });
  }

  /** Whether a push is overdue is decided where the last one is known: when the result is applied. */
  private async lookForPush(monitor: Monitor): Promise<void> {
    // Twice the interval: a window that ended before that has no bearing any more.
    const since = this.clock.now() - 2 * monitor.interval * SECOND;
    const maintainedUntil = await this.maintenances.lastEnd(monitor.id, since);
    const graceFrom = Math.max(monitor.activeSince.getTime(), maintainedUntil ?? 0);
    this.submit(monitor, { kind: 'missed-push', status: 'down', message: '', graceFrom });
  }

  private submit(monitor: Monitor, outcome: Pick<CheckResult, 'kind' | 'status' | 'message' | 'graceFrom'>): void {
    const now = this.clock.now();
    const moment = { startedAt: now, endedAt: now, latencyMs: 0, nonce: 0 };
    this.results
      .submit({ ...outcome, ...moment, monitorId: monitor.id, rules: rulesOf(monitor) })
      .catch((error: unknown) => this.logger.warn({ monitorId: monitor.id, reason: messageOf(error) }, 'Tick dropped'));
  }
}

function isPassive({ type }: Monitor): boolean {
  const found = findMonitorType(type);
  return found !== null && 'passive' in found;
}

function entryOf({ id, interval }: Monitor): ScheduleEntry {
  return { id, intervalMs: interval * SECOND };
}
