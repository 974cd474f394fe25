import { Clock, EventBus, MINUTE, compileWindow, isAppError, messageOf } from '@app/core';
import type { MaintenanceWindow } from '@app/core';
import { Config } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { ruleOf } from './maintenance-definition';
import type { Maintenance } from './maintenance.entity';
import { MaintenancesRepository } from './maintenances.repository';

interface Entry {
  id: string;
  /** Changes whenever the maintenance or its monitors do. */
  version: string;
  window: MaintenanceWindow;
}

/** The active maintenances as they were read, and what they say of one minute. */
interface Reading {
  entries: Promise<Entry[]>;
  /** Epoch ms. */
  freshUntil: number;
  minute: number;
  open: Entry[];
  ended: { id: string; endedAt: number }[];
}

interface Members {
  /** Which windows are open, and as of which change. */
  key: string;
  ids: Promise<ReadonlySet<string>>;
}

const NO_MEMBERS: Members = { key: '', ids: Promise.resolve(new Set()) };

/**
 * Which monitors are in a maintenance window: a set that is kept as long as it holds, so that asking for one of
 * thousands of monitors costs nothing. Windows are looked at once a minute, and only if somebody asks; the monitors of a
 * maintenance are read when its window opens. Changes are announced on the bus; should an announcement be lost, what is
 * known is at most a minute old. While the database is away, what was known last goes on.
 */
@Injectable()
export class MaintenanceCalendar implements OnModuleDestroy {
  private readonly logger = new Logger('Maintenances');
  private readonly subscriptions: (() => void)[];
  private reading: Reading | undefined;
  private lastKnown: Entry[] | undefined;
  private members = NO_MEMBERS;
  /** Rises with every change: what was read before one is not mistaken for what is there after it. */
  private changes = 0;

  constructor(
    private readonly maintenances: MaintenancesRepository,
    private readonly clock: Clock,
    private readonly config: Config,
    bus: EventBus,
  ) {
    const forget = () => {
      this.changes++;
      this.reading = undefined;
    };
    this.subscriptions = [bus.subscribe('maintenance.changed', forget), bus.subscribe('messages.lost', forget)];
  }

  onModuleDestroy(): void {
    for (const unsubscribe of this.subscriptions) unsubscribe();
  }

  /** The monitors that are in a window at this moment. */
  async monitorsNow(): Promise<ReadonlySet<string>> {
    const { changes } = this;
    const { open } = await this.readingNow();
    const key = open.map(({ id, version }) => `${changes}/${id}/${version}`).join();
    if (key === this.members.key) return this.members.ids;
    if (open.length === 0) return (this.members = NO_MEMBERS).ids;
    const before = this.members;
    const ids = this.maintenances.findMonitorIdsOf(open.map(({ id }) => id)).catch((error: unknown) => {
      if (this.members === members) this.members = before;
      if (!isAppError(error, 'unavailable')) throw error;
      return before.ids;
    });
    const members: Members = { key, ids };
    this.members = members;
    return ids;
  }

  /** When the monitor was last in a window that is over, if that was after `since`. Epoch ms. */
  async lastEnd(monitorId: string, since: number): Promise<number | null> {
    const ended = (await this.readingNow()).ended.filter(({ endedAt }) => endedAt > since);
    if (ended.length === 0) return null;
    const own = await this.idsFor(
      monitorId,
      ended.map(({ id }) => id),
    );
    const ends = ended.filter(({ id }) => own.has(id)).map(({ endedAt }) => endedAt);
    return ends.length === 0 ? null : Math.max(...ends);
  }

  private async readingNow(): Promise<Reading> {
    const now = this.clock.now();
    const reading = this.reading && now < this.reading.freshUntil ? this.reading : this.read(now);
    const entries = await reading.entries;
    const minute = Math.floor(now / MINUTE);
    if (reading.minute !== minute) {
      const states = entries.map((entry) => ({ entry, ...entry.window.stateAt(now) }));
      reading.minute = minute;
      reading.open = states.filter(({ isOpen }) => isOpen).map(({ entry }) => entry);
      reading.ended = states.flatMap(({ entry, endedAt }) => (endedAt === null ? [] : [{ id: entry.id, endedAt }]));
    }
    return reading;
  }

  private read(now: number): Reading {
    const entries = this.maintenances.findActive().then(
      (active) => (this.lastKnown = active.flatMap((maintenance) => this.entryOf(maintenance))),
      (error: unknown) => {
        if (this.reading === reading) this.reading = undefined;
        if (!this.lastKnown || !isAppError(error, 'unavailable')) throw error;
        return this.lastKnown;
      },
    );
    const reading: Reading = { entries, freshUntil: now + MINUTE, minute: NaN, open: [], ended: [] };
    this.reading = reading;
    return reading;
  }

  /** Nobody's, while the database is away: everybody has an interval of grace after that. */
  private async idsFor(monitorId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    try {
      return await this.maintenances.findIdsFor(monitorId, ids);
    } catch (error) {
      if (!isAppError(error, 'unavailable')) throw error;
      return new Set();
    }
  }

  /** One maintenance that cannot be followed does not disturb the others. */
  private entryOf(maintenance: Maintenance): Entry[] {
    const { id, createdAt, updatedAt } = maintenance;
    try {
      const window = compileWindow(ruleOf(maintenance, createdAt.getTime()), this.config.env.TZ);
      return [{ id, version: updatedAt.toISOString(), window }];
    } catch (error) {
      this.logger.error({ maintenanceId: id, reason: messageOf(error) }, 'Maintenance left out: it cannot be followed');
      return [];
    }
  }
}
