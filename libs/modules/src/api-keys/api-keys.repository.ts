import { Store } from '@app/core';
import type { Collection, New } from '@app/core';
import { Injectable } from '@nestjs/common';
import { ApiKey } from './api-key.entity';

@Injectable()
export class ApiKeysRepository {
  private readonly keys: Collection<ApiKey>;

  constructor(store: Store) {
    this.keys = store.collection(ApiKey);
  }

  /** Newest first; of one user, or of everybody. */
  findAll(userId?: string): Promise<ApiKey[]> {
    return this.keys.find({ where: { userId }, order: { createdAt: 'desc' } });
  }

  findById(id: string): Promise<ApiKey | null> {
    return this.keys.findOne({ id: id.toLowerCase() });
  }

  insert(values: New<ApiKey>): Promise<ApiKey> {
    return this.keys.insert(values);
  }

  /** @returns false when there is no such key. */
  async update(id: string, changes: Partial<New<ApiKey>>): Promise<boolean> {
    return (await this.keys.update({ id }, changes)) > 0;
  }

  /** @returns false when there was no such key. */
  async delete(id: string): Promise<boolean> {
    return (await this.keys.delete({ id })) > 0;
  }

  /** Replaces a hash unless somebody else has. */
  async replaceHash({ id, hash }: ApiKey, by: string): Promise<void> {
    await this.keys.update({ id, hash }, { hash: by });
  }

  /**
   * Counts up to `wanted` uses at once. The row is only changed from the state in which it was read, so that no use
   * is lost and none is beyond the maximum, however many servers count.
   * @returns how many the maximum allows; 0 for a key that is gone.
   */
  async use(id: string, wanted: number, at: Date): Promise<number> {
    for (;;) {
      const key = await this.keys.findOne({ id });
      if (!key) return 0;
      const { usageCount, maxUsageCount } = key;
      const allowed = Math.min(wanted, maxUsageCount === null ? wanted : maxUsageCount - usageCount);
      if (allowed <= 0) return 0;
      const changes = { usageCount: usageCount + allowed, lastUsedAt: at };
      if ((await this.keys.update({ id, usageCount, maxUsageCount }, changes)) > 0) return allowed;
    }
  }

  /** Counts uses that have taken place, of a key that had no maximum then. */
  async addUses(id: string, uses: number, at: Date): Promise<void> {
    for (;;) {
      const key = await this.keys.findOne({ id });
      if (!key) return;
      const { usageCount } = key;
      if ((await this.keys.update({ id, usageCount }, { usageCount: usageCount + uses, lastUsedAt: at })) > 0) return;
    }
  }
}
