import { Delivery, PERIODS, statusNumber } from '@app/core';
import type { Bucket, CheckResult, Counts, Heartbeat, MonitorState, Period, Status, Store, Timeline } from '@app/core';
import type { FakeClock } from '../support/clock';
import { NOON } from '../support/clock';
import { sampleResult } from '../support/samples';
import { ChannelRecord, LinkRecord, MonitorRecord } from './timeline.entities';

export interface TimelineUnderTest {
  timeline: Timeline;
  store: Store;
  clock: FakeClock;
  /** Whether nobody sees what a transaction does before its end, or writes in between; MongoDB cannot promise it. */
  isolated: boolean;
  /** How many random streams to try; for a server that takes long over each. */
  runs?: number;
  /** How many beats and buckets the engine holds, those of forgotten monitors included. */
  rows(): Promise<{ beats: number; buckets: number }>;
  close(): Promise<void>;
}

/** `sampleResult` with the moment in minutes after noon. */
export function minutesAfterNoon(
  monitorId: string,
  minutes: number,
  values: Parameters<typeof sampleResult>[0] = {},
): CheckResult {
  return sampleResult({ monitorId, startedAt: NOON + minutes * 60_000, ...values });
}

/** All that can be read of a monitor; heartbeat ids left out, since engines choose them. */
export interface History {
  state: MonitorState | null;
  beats: Omit<Heartbeat, 'id'>[];
  series: Record<Period, Bucket[]>;
  uptime: Counts[];
  status: Status | null;
  deliveries: { channelId: string; kind: string; text: string; beatTime: number | null }[];
}

export const WINDOWS = [3_600_000, 24 * 3_600_000, 7 * 24 * 3_600_000];

/** Monitors and channels to write history for, and the history read back. */
export class World {
  constructor(private readonly context: TimelineUnderTest) {}

  async monitor(status: Status = 'pending', name = 'Shop API'): Promise<string> {
    const { id } = await this.context.store.collection(MonitorRecord).insert({
      type: 'http',
      name,
      interval: 60,
      timeout: 16,
      maxRetries: 0,
      retryInterval: 60,
      resendInterval: 0,
      active: true,
      status: statusNumber(status),
      config: '{}',
      pushToken: null,
      activeSince: new Date(NOON),
    });
    return id;
  }

  async channel(active = true): Promise<string> {
    const values = { name: 'ops', type: 'webhook', active, isDefault: false, config: '{}' };
    return (await this.context.store.collection(ChannelRecord).insert(values)).id;
  }

  /** Links channels to a monitor in this order; the rows are written the other way round. */
  async link(monitorId: string, ...channelIds: string[]): Promise<void> {
    const links = channelIds.map((channelId, position) => ({ monitorId, channelId, position }));
    await this.context.store.collection(LinkRecord).insertMany(links.reverse());
  }

  async removeMonitor(id: string): Promise<void> {
    await this.context.store.collection(MonitorRecord).delete({ id });
  }

  deliveries(monitorId: string): Promise<Delivery[]> {
    return this.context.store.collection(Delivery).find({ where: { monitorId }, order: { id: 'asc' } });
  }

  /** The number in the monitor's row; null when that is gone. */
  async statusNumber(id: string): Promise<number | null> {
    return (await this.context.store.collection(MonitorRecord).findOne({ id }))?.status ?? null;
  }

  async state(monitorId: string): Promise<MonitorState | null> {
    return (await this.context.timeline.states([monitorId])).get(monitorId) ?? null;
  }

  beats(monitorId: string): Promise<Heartbeat[]> {
    return this.context.timeline.beats(monitorId, { limit: 1000 });
  }

  async series(monitorId: string): Promise<Record<Period, Bucket[]>> {
    const all = await Promise.all(
      PERIODS.map((period) => this.context.timeline.series(monitorId, period, 0, Number.MAX_SAFE_INTEGER)),
    );
    return { minute: all[0]!, hour: all[1]!, day: all[2]! };
  }

  async isEmpty(monitorId: string): Promise<boolean> {
    const [state, beats, series] = await Promise.all([
      this.state(monitorId),
      this.beats(monitorId),
      this.series(monitorId),
    ]);
    return state === null && beats.length === 0 && PERIODS.every((period) => series[period].length === 0);
  }

  async history(monitorId: string, now: number): Promise<Omit<History, 'status'> & { status: number | null }> {
    const [state, beats, series, uptime, status, deliveries] = await Promise.all([
      this.state(monitorId),
      this.beats(monitorId),
      this.series(monitorId),
      this.context.timeline.uptime([monitorId], WINDOWS, now),
      this.statusNumber(monitorId),
      this.deliveries(monitorId),
    ]);
    return {
      state,
      beats: beats.map(withoutId),
      series,
      uptime: uptime.get(monitorId) ?? WINDOWS.map(() => ({ up: 0, down: 0 })),
      status,
      deliveries: deliveries.map(({ channelId, kind, text, heartbeat }) => ({
        channelId,
        kind,
        text,
        beatTime: heartbeat === null ? null : (JSON.parse(heartbeat) as Heartbeat).time,
      })),
    };
  }
}

export function withoutId({ id: _id, ...rest }: Heartbeat): Omit<Heartbeat, 'id'> {
  return rest;
}
