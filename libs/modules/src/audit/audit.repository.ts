import { Store } from '@app/core';
import type { Collection, New, Where } from '@app/core';
import { Injectable } from '@nestjs/common';
import { AuditEntry } from './audit-entry.entity';

export interface AuditFilter {
  resource?: string;
  resourceId?: string;
  principalId?: string;
  action?: string;
  since?: Date;
  until?: Date;
  /** Only older ones than this. */
  before?: string;
}

@Injectable()
export class AuditRepository {
  private readonly entries: Collection<AuditEntry>;

  constructor(store: Store) {
    this.entries = store.collection(AuditEntry);
  }

  async insertAll(entries: readonly New<AuditEntry>[]): Promise<void> {
    await this.entries.insertMany(entries);
  }

  /** Newest first. */
  find({ since, until, before, ...equal }: AuditFilter, limit: number): Promise<AuditEntry[]> {
    const where: Where<AuditEntry> = { ...equal };
    if (since || until) where.at = { from: since, to: until };
    if (before) where.id = { before };
    return this.entries.find({ where, order: { id: 'desc' }, limit });
  }

  /** Deletes up to `limit` of the oldest, if they are older than this. @returns how many went */
  async deleteBefore(time: Date, limit: number): Promise<number> {
    const oldest = await this.entries.find({ order: { id: 'asc' }, limit });
    const old = oldest.filter(({ at }) => at < time);
    if (old.length === 0) return 0;
    return this.entries.delete({ id: { in: old.map(({ id }) => id) } });
  }
}
