import { EventBus } from '@app/core';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Monitor } from '../monitors/monitor.entity';
import { MonitorsRepository } from '../monitors/monitors.repository';

/**
 * Push monitors by their token, kept until they change: a job that pushes every few seconds should not cost a query
 * each time. Unknown tokens are not kept, so that guessing fills nothing.
 */
@Injectable()
export class PushTargets {
  private readonly known = new LRUCache<string, Monitor>({ max: 20_000 });
  /** Rises with every change, so that what was read before one is not kept after it. */
  private changes = 0;

  constructor(
    private readonly monitors: MonitorsRepository,
    bus: EventBus,
  ) {
    bus.subscribe('monitor.updated', ({ id }) => this.drop(id));
    bus.subscribe('monitor.deleted', ({ id }) => this.drop(id));
    bus.subscribe('messages.lost', () => this.dropAll());
  }

  async find(token: string): Promise<Monitor | null> {
    const known = this.known.get(token);
    if (known) return known;
    const { changes } = this;
    const monitor = await this.monitors.findByPushToken(token);
    if (monitor && changes === this.changes) this.known.set(token, monitor);
    return monitor;
  }

  private dropAll(): void {
    this.changes++;
    this.known.clear();
  }

  private drop(id: string): void {
    this.changes++;
    for (const [token, monitor] of this.known.entries()) if (monitor.id === id) this.known.delete(token);
  }
}
