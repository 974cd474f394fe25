import {
  Clock,
  EventBus,
  Presence,
  ResultQueue,
  SECOND,
  Schedule,
  TAKES_PUSHES,
  Timeline,
  isAppError,
} from '@app/core';
import type { Applied, CheckResult, Consumer } from '@app/core';
import { MonitorsRepository } from '@app/modules/monitors';
import { Injectable, Logger } from '@nestjs/common';

/** Applies results, and tells the others once they are committed. */
@Injectable()
export class IngesterService {
  private readonly logger = new Logger('Ingester');
  private consumer: Consumer | undefined;
  /** The database was away when the last batch was tried. */
  private isAway = false;

  constructor(
    private readonly results: ResultQueue,
    private readonly timeline: Timeline,
    private readonly schedule: Schedule,
    private readonly monitors: MonitorsRepository,
    private readonly bus: EventBus,
    private readonly presence: Presence,
    private readonly clock: Clock,
  ) {}

  start(): void {
    this.consumer = this.results.consume((batch) => this.apply(batch));
  }

  /** Applies what has been submitted. */
  async stop(): Promise<void> {
    await this.consumer?.stop();
  }

  private async apply(batch: readonly CheckResult[]): Promise<void> {
    try {
      const applied = await this.timeline.apply(await this.withGrace(batch));
      if (this.isAway) await this.cameBack();
      await this.tell(applied, batch);
    } catch (error) {
      if (isAppError(error, 'unavailable')) await this.wentAway();
      throw error;
    }
  }

  /** Without the database no push is taken, so everybody who waits for one has a new start. */
  private async wentAway(): Promise<void> {
    this.isAway = true;
    await this.presence.interrupted(TAKES_PUSHES).catch(() => undefined); // Redis is away as well: a break by itself
  }

  private async cameBack(): Promise<void> {
    this.isAway = false;
    await this.presence.interrupted(TAKES_PUSHES);
    this.logger.log({ waiting: await this.results.depth() }, 'The database is back: results are stored again');
  }

  /** Nobody missed a push that we could not take. */
  private async withGrace(batch: readonly CheckResult[]): Promise<readonly CheckResult[]> {
    if (!batch.some(({ kind }) => kind === 'missed-push')) return batch;
    const since = await this.presence.since(TAKES_PUSHES);
    return batch.map((result) =>
      result.kind === 'missed-push' ? { ...result, graceFrom: Math.max(result.graceFrom ?? 0, since) } : result,
    );
  }

  private async tell(applied: readonly Applied[], batch: readonly CheckResult[]): Promise<void> {
    const rules = new Map(batch.map((result) => [result.monitorId, result.rules]));
    let announced = false;
    for (const { heartbeat, previousStatus, retry, announced: some } of applied) {
      const { monitorId } = heartbeat;
      this.bus.publish('heartbeat', heartbeat, monitorId);
      if (heartbeat.status !== previousStatus) await this.tellChange(heartbeat, previousStatus);
      if (retry) {
        const pause = rules.get(monitorId)!.retryIntervalSeconds * SECOND;
        await this.schedule.reschedule(monitorId, Math.max(heartbeat.time + pause, this.clock.now()));
      }
      announced ||= some;
    }
    if (announced) this.bus.publish('deliveries.waiting', {});
  }

  /** A live update less is no reason to apply the results again. */
  private async tellChange({ monitorId, status }: Applied['heartbeat'], previous: Applied['previousStatus']) {
    try {
      const monitor = await this.monitors.findById(monitorId);
      if (!monitor) return;
      this.bus.publish('monitor.status.changed', { id: monitorId, name: monitor.name, status, previous }, monitorId);
    } catch (error) {
      this.logger.warn({ err: error, monitorId }, 'Status change not announced');
    }
  }
}
