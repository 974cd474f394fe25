import { Delivery, Store } from '@app/core';
import type { Collection } from '@app/core';
import { Injectable } from '@nestjs/common';

/** Few enough for others not to notice. */
const DELETED_AT_ONCE = 500;

@Injectable()
export class DeliveriesRepository {
  private readonly deliveries: Collection<Delivery>;

  constructor(store: Store) {
    this.deliveries = store.collection(Delivery);
  }

  /** Longest due first. */
  findDue(now: Date, limit: number): Promise<Delivery[]> {
    return this.deliveries.find({ where: { state: 'waiting', dueAt: { to: now } }, order: { dueAt: 'asc' }, limit });
  }

  /** When the next one is due; null when none waits. */
  async nextDueAt(): Promise<Date | null> {
    const [next] = await this.deliveries.find({ where: { state: 'waiting' }, order: { dueAt: 'asc' }, limit: 1 });
    return next?.dueAt ?? null;
  }

  /** The message of this channel about this monitor that has to go before all others. */
  async findFirstWaiting({ monitorId, channelId }: Delivery): Promise<Delivery | null> {
    const where = { state: 'waiting' as const, monitorId, channelId };
    const [first] = await this.deliveries.find({ where, order: { createdAt: 'asc' }, limit: 1 });
    return first ?? null;
  }

  /** @returns false when another notifier was faster. */
  async take({ id, dueAt, attempts }: Delivery, until: Date): Promise<boolean> {
    const where = { id, state: 'waiting' as const, dueAt };
    return (await this.deliveries.update(where, { dueAt: until, attempts: attempts + 1 })) > 0;
  }

  async postpone(id: string, dueAt: Date, lastError?: string): Promise<void> {
    await this.deliveries.update({ id }, { dueAt, ...(lastError !== undefined && { lastError }) });
  }

  /** Ends a delivery, and lets the next one of the same channel and monitor go at once. */
  async finish(delivery: Delivery, state: 'delivered' | 'dead' | 'dropped', now: Date, lastError?: string) {
    const { id, monitorId, channelId } = delivery;
    await this.deliveries.update({ id }, { state, finishedAt: now, ...(lastError !== undefined && { lastError }) });
    await this.deliveries.update({ monitorId, channelId, state: 'waiting', dueAt: { after: now } }, { dueAt: now });
  }

  /** Some of the finished ones that are older than this: ids go by time. @returns false when none is left. */
  async deleteSomeFinishedBefore(before: Date): Promise<boolean> {
    const oldest = await this.deliveries.find({
      where: { state: { not: 'waiting' } },
      order: { id: 'asc' },
      limit: DELETED_AT_ONCE,
    });
    const ids = oldest.filter(({ createdAt }) => createdAt < before).map(({ id }) => id);
    await this.deliveries.delete({ id: { in: ids } });
    return ids.length === DELETED_AT_ONCE;
  }
}
