import { setImmediate } from 'node:timers/promises';
import { Clock, DAY, newId } from '@app/core';
import type { New } from '@app/core';
import { AuditTrail, Config } from '@app/platform';
import type { AuditRecord } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { AuditDetails, AuditEntry } from './audit-entry.entity';
import { AuditRepository } from './audit.repository';
import type { AuditFilter } from './audit.repository';

/** What was done within this time is written down together. A crash loses no more than that. */
const WRITE_EVERY_MS = 200;
const RETRY_MS = 5_000;
/** What is kept while the database is away; then the oldest go. */
const MAX_WAITING = 10_000;
/** Small enough that nobody notices, and of few sizes, so that their statements stay prepared. */
const PER_WRITE = 25;
const PER_DELETE = 500;

/** The trail in the store. Writers never wait for it. */
@Injectable()
export class AuditService extends AuditTrail implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Audit');
  private waiting: New<AuditEntry>[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: AuditRepository,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {
    super();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  override record({ principal, action, resource, resourceId, ...rest }: AuditRecord): void {
    if (this.config.env.AUDIT_RETENTION_DAYS === 0) return;
    const now = this.clock.now();
    const details: AuditDetails = { principalKind: principal.kind, principalName: principal.name, ...rest };
    this.waiting.push({
      id: newId(now),
      at: new Date(now),
      principalId: principal.id,
      action,
      resource,
      resourceId,
      details: JSON.stringify(details),
    });
    this.schedule(WRITE_EVERY_MS);
  }

  /** Newest first; what was recorded until now is among them. */
  async find(filter: AuditFilter, limit: number): Promise<AuditEntry[]> {
    await this.flush();
    return this.repository.find(filter, limit);
  }

  /** Deletes some of those that are too old. @returns false when there are no more */
  async prune(): Promise<boolean> {
    const days = this.config.env.AUDIT_RETENTION_DAYS;
    return (await this.repository.deleteBefore(new Date(this.clock.now() - days * DAY), PER_DELETE)) === PER_DELETE;
  }

  /** Writes down what waits. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  private schedule(ms: number): void {
    this.timer ??= setTimeout(() => void this.flush(), ms).unref();
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, PER_WRITE);
      try {
        await this.repository.insertAll(batch);
        this.waiting.splice(0, batch.length);
        await setImmediate(); // requests first
      } catch (error) {
        const lost = this.waiting.splice(0, this.waiting.length - MAX_WAITING).length;
        this.logger.error({ err: error, lost }, 'The audit could not be written yet');
        return this.schedule(RETRY_MS);
      }
    }
  }
}
