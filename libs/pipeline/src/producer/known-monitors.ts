import { isAppError } from '@app/core';
import { MonitorsRepository } from '@app/modules/monitors';
import type { Monitor } from '@app/modules/monitors';
import { Injectable } from '@nestjs/common';

export interface Reading {
  monitors: Monitor[];
  /** Ids that no monitor has any more. */
  gone: string[];
}

/**
 * Monitors, and how they were when the schedule heard of them last: while the database is away, checks go on with that.
 * What every tick reads is not kept, because objects that live from tick to tick are dear to collect.
 */
@Injectable()
export class KnownMonitors {
  private known = new Map<string, Monitor>();

  constructor(private readonly monitors: MonitorsRepository) {}

  async findByIds(ids: readonly string[]): Promise<Reading> {
    let monitors: Monitor[];
    try {
      monitors = await this.monitors.findByIds(ids);
    } catch (error) {
      if (!isAppError(error, 'unavailable')) throw error;
      return { monitors: ids.flatMap((id) => this.known.get(id) ?? []), gone: [] };
    }
    const found = new Set(monitors.map(({ id }) => id));
    const gone = ids.filter((id) => !found.has(id));
    for (const id of gone) this.known.delete(id);
    return { monitors, gone };
  }

  active(): Monitor[] {
    return [...this.known.values()].filter(({ active }) => active);
  }

  /** Null when it is gone. */
  change(id: string, monitor: Monitor | null): void {
    if (monitor) this.known.set(id, monitor);
    else this.known.delete(id);
  }

  /** Knows exactly these from now on. */
  replace(monitors: readonly Monitor[]): void {
    this.known = new Map(monitors.map((monitor) => [monitor.id, monitor]));
  }
}
