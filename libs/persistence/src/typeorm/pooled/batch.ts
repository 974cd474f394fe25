import { PERIODS, PERIOD_MS, advance, bucketStart, cutMessage, heartbeatId, statusNumber, tally } from '@app/core';
import type { Announcement, Applied, CertificateSighting, CheckResult, Heartbeat, Period, Status } from '@app/core';
import type { BeatKey, BeatRow, BucketRow, StateRow } from './rows';

/** A stored beat, and what is still to be told because of it. */
export interface Outcome {
  applied: Applied;
  announce: Announcement | null;
  /** Only if no newer result has seen a certificate before. */
  sighting: CertificateSighting | null;
}

/**
 * What a batch of results does to the monitors whose rows are locked: the rules in memory, one result after the
 * other; what comes out is written in as many statements as there are tables.
 */
export class Batch {
  readonly outcomes: Outcome[] = [];
  readonly beats: BeatRow[] = [];
  /** Monitors by the status that their row has to show. */
  readonly statuses = new Map<string, Status>();
  private readonly changed = new Set<StateRow>();
  private readonly series: Record<Period, Map<string, BucketRow>> = {
    minute: new Map(),
    hour: new Map(),
    day: new Map(),
  };

  constructor(private readonly monitors: ReadonlyMap<string, StateRow>) {}

  /** Results that may have been applied before: no beat of a monitor is newer than its state. */
  suspects(results: readonly CheckResult[]): BeatKey[] {
    return results.flatMap(({ monitorId, startedAt, nonce }) => {
      const monitor = this.monitors.get(monitorId);
      if (!monitor || monitor.state.time === null || startedAt > monitor.state.time) return [];
      return [{ key: monitor.key, time: startedAt, nonce }];
    });
  }

  /** `stored` are those of the {@link suspects} that are in the database. Results of unknown monitors leave nothing. */
  run(results: readonly CheckResult[], stored: readonly BeatKey[]): void {
    const seen = new Set(stored.map(beatKey));
    for (const result of results) {
      const monitor = this.monitors.get(result.monitorId);
      if (monitor) this.runOne(monitor, result, seen);
    }
  }

  get states(): StateRow[] {
    return [...this.changed];
  }

  get buckets(): Record<Period, BucketRow[]> {
    const { minute, hour, day } = this.series;
    return { minute: [...minute.values()], hour: [...hour.values()], day: [...day.values()] };
  }

  private runOne(monitor: StateRow, result: CheckResult, seen: Set<string>): void {
    const { key, state: before } = monitor;
    const { beat, state, announce, retry } = advance(before, result);
    if (!beat) return;
    const row: BeatRow = {
      key,
      time: result.startedAt,
      nonce: result.nonce,
      status: statusNumber(beat.status),
      latency: result.latencyMs,
      duration: result.endedAt - result.startedAt,
      retries: beat.retries,
      downCount: beat.downCount,
      important: beat.important,
      notified: announce !== null,
      message: cutMessage(beat.message),
    };
    const identity = beatKey(row);
    if (seen.has(identity)) return; // applied before
    seen.add(identity);

    this.beats.push(row);
    monitor.state = state;
    this.changed.add(monitor);
    if (state.status !== before.status && state.status !== null) this.statuses.set(result.monitorId, state.status);
    const heartbeat = toHeartbeat(result.monitorId, beat.status, row);
    for (const period of PERIODS) this.count(period, key, heartbeat);
    const isNewest = result.startedAt === state.time; // a late result saw an older certificate
    this.outcomes.push({
      applied: { heartbeat, previousStatus: before.status, retry, announced: false },
      announce,
      sighting: (isNewest && result.certificate) || null,
    });
  }

  private count(period: Period, key: number, { status, time, latencyMs }: Heartbeat): void {
    const bucket = bucketStart(time, period) / PERIOD_MS[period];
    const { up, down, maintenance } = tally(status);
    const buckets = this.series[period];
    const identity = `${key} ${bucket}`;
    let row = buckets.get(identity);
    if (!row) {
      row = { key, bucket, up: 0, down: 0, maintenance: 0, latencySum: 0, latencyMin: null, latencyMax: null };
      buckets.set(identity, row);
    }
    row.up += up;
    row.down += down;
    row.maintenance += maintenance;
    if (!up) return;
    row.latencySum += latencyMs;
    row.latencyMin = Math.min(row.latencyMin ?? latencyMs, latencyMs);
    row.latencyMax = Math.max(row.latencyMax ?? latencyMs, latencyMs);
  }
}

function beatKey({ key, time, nonce }: BeatKey): string {
  return `${key} ${time} ${nonce}`;
}

function toHeartbeat(monitorId: string, status: Status, row: BeatRow): Heartbeat {
  return {
    id: heartbeatId({ monitorKey: row.key, timeMs: row.time, nonce: row.nonce }),
    monitorId,
    status,
    message: row.message,
    latencyMs: row.latency,
    downCount: row.downCount,
    retries: row.retries,
    important: row.important,
    notified: row.notified,
    time: row.time,
    endTime: row.time + row.duration,
  };
}
