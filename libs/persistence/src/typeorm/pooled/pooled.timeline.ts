import { NEW_STATE, PERIOD_MS, Timeline, heartbeatId, newId, planWindow, statusNumber, statusOf } from '@app/core';
import type {
  Applied,
  BeatWindow,
  Bucket,
  CertificateDocument,
  CheckResult,
  Clock,
  Counts,
  Heartbeat,
  MonitorState,
  Period,
  Retention,
} from '@app/core';
import type { Tuple } from '../row-mapper';
import { Batch } from './batch';
import type { Outcome } from './batch';
import { CertificateBatch } from './certificates';
import type { Notice } from './certificates';
import type { SqlQuery } from './pool';
import { PooledPruner } from './pooled.pruner';
import { toStateRow } from './rows';
import type { BucketRange, DeliveryRow, StateRow } from './rows';
import type { Sessions } from './sessions';
import type { TimelineSql } from './timeline-sql';

export interface PooledTimelineOptions {
  sessions: Sessions;
  sql: TimelineSql;
  clock: Clock;
}

/** Numbers of buckets are 32 bits wide. */
const LAST_BUCKET = 2 ** 31 - 1;

/**
 * The timeline on a database server. A batch takes the same handful of statements whatever its size: its monitors'
 * states are locked in a fixed order (so no two batches wait for each other in a ring), the rules run in memory, and
 * every table is written once.
 */
export class PooledTimeline extends Timeline {
  private readonly sessions: Sessions;
  private readonly sql: TimelineSql;
  private readonly pruner: PooledPruner;

  constructor(private readonly options: PooledTimelineOptions) {
    super();
    ({ sessions: this.sessions, sql: this.sql } = options);
    this.pruner = new PooledPruner(this.sessions, this.sql);
  }

  override async apply(results: readonly CheckResult[]): Promise<Applied[]> {
    if (results.length === 0) return [];
    return this.sessions.transaction(async () => {
      const monitors = await this.lock([...new Set(results.map(({ monitorId }) => storable(monitorId)))].sort());
      const batch = new Batch(monitors);
      const suspects = batch.suspects(results);
      const stored = suspects.length > 0 ? await this.rows(this.sql.storedBeats(suspects)) : [];
      batch.run(
        results,
        (stored as [number, number, number][]).map(([key, time, nonce]) => ({ key, time, nonce })),
      );
      if (batch.beats.length === 0) return [];
      await this.store(batch);
      await this.tell(batch.outcomes);
      return batch.outcomes.map(({ applied }) => applied);
    });
  }

  override async states(monitorIds: readonly string[]): Promise<Map<string, MonitorState>> {
    if (monitorIds.length === 0) return new Map();
    const rows = await this.rows(this.sql.states(monitorIds.map(storable)));
    return new Map(rows.map(toStateRow).map(({ monitorId, state }) => [monitorId, state]));
  }

  override async beats(monitorId: string, window: BeatWindow): Promise<Heartbeat[]> {
    const rows = await this.rows(this.sql.beats(storable(monitorId), window));
    return rows.map((tuple) => toHeartbeat(monitorId, tuple));
  }

  override async newest(monitorIds: readonly string[], limit: number): Promise<Map<string, Heartbeat[]>> {
    if (monitorIds.length === 0) return new Map();
    const newest = new Map<string, Heartbeat[]>();
    for (const [id, ...tuple] of await this.rows(this.sql.newest(monitorIds.map(storable), limit))) {
      const beat = toHeartbeat(id as string, tuple);
      const beats = newest.get(beat.monitorId);
      if (beats) beats.push(beat);
      else newest.set(beat.monitorId, [beat]);
    }
    // The statement picks them; which order it returns them in is nowhere promised. Ids begin with the time.
    for (const beats of newest.values()) beats.sort((one, other) => (one.id < other.id ? 1 : -1));
    return newest;
  }

  override async series(monitorId: string, period: Period, from: number, to: number): Promise<Bucket[]> {
    const length = PERIOD_MS[period];
    const rows = await this.rows(
      this.sql.series(
        storable(monitorId),
        period,
        bucketAt(from, period),
        Math.min(Math.floor(to / length), LAST_BUCKET),
      ),
    );
    return rows.map((tuple) => toBucket(period, tuple));
  }

  override async uptime(
    monitorIds: readonly string[],
    windowsMs: readonly number[],
    now: number,
  ): Promise<Map<string, Counts[]>> {
    if (monitorIds.length === 0) return new Map();
    const ranges = windowsMs.flatMap((windowMs) => Object.values(planWindow(now, windowMs)).map(toRange));
    const [known, rows] = await Promise.all([
      this.states(monitorIds),
      ranges.length > 0 ? this.rows(this.sql.sums(monitorIds.map(storable), ranges)) : [],
    ]);
    const counts = new Map<string, Counts[]>();
    for (const id of monitorIds)
      if (known.has(id))
        counts.set(
          id,
          windowsMs.map(() => ({ up: 0, down: 0 })),
        );
    for (const [range, id, up, down] of rows as [number, string, number, number][]) {
      const count = counts.get(id)?.[Math.floor(range / 2)]; // two ranges per window: its edge and its body
      if (!count) continue;
      count.up += up;
      count.down += down;
    }
    return counts;
  }

  override reset(monitorId: string): Promise<void> {
    if (storable(monitorId) !== monitorId) return Promise.resolve();
    return this.sessions.transaction(async () => {
      const [tuple] = await this.rows(this.sql.lockStates([monitorId]));
      if (!tuple) return;
      const { announced, lastPushAt, lastMaintenanceAt } = toStateRow(tuple).state;
      // A new key makes the old beats unreachable at once; prune() takes them off the disk in its own time.
      await this.run(this.sql.deleteState(monitorId));
      await this.run(this.sql.insertStates([monitorId]));
      const rows = (await this.rows(this.sql.lockStates([monitorId]))).map(toStateRow);
      for (const row of rows) row.state = { ...NEW_STATE, announced, lastPushAt, lastMaintenanceAt };
      if (rows.length > 0) await this.run(this.sql.saveStates(rows));
    });
  }

  override forget(monitorId: string): Promise<void> {
    if (storable(monitorId) !== monitorId) return Promise.resolve();
    return this.sessions.transaction(async () => {
      await this.run(this.sql.deleteState(monitorId));
      await this.run(this.sql.clearNotices([monitorId]));
      await this.run(this.sql.deleteCertificate(monitorId));
    });
  }

  override async certificate(monitorId: string): Promise<CertificateDocument | null> {
    const [row] = await this.rows(this.sql.certificate(storable(monitorId)));
    return row ? (JSON.parse(row[0] as string) as CertificateDocument) : null;
  }

  override prune(retention: Retention): Promise<boolean> {
    return this.pruner.run(retention);
  }

  /** States of these monitors, made when their first result comes; those without a monitor are left out. */
  private async lock(sortedIds: readonly string[]): Promise<Map<string, StateRow>> {
    const monitors = new Map<string, StateRow>();
    const load = async (ids: readonly string[]) => {
      for (const tuple of await this.rows(this.sql.lockStates(ids))) {
        const row = toStateRow(tuple);
        monitors.set(row.monitorId, row);
      }
    };
    await load(sortedIds);
    const missing = sortedIds.filter((id) => !monitors.has(id));
    if (missing.length === 0) return monitors;
    const existing = (await this.rows(this.sql.lockMonitors(missing))).map(([id]) => id as string);
    if (existing.length === 0) return monitors;
    await this.run(this.sql.insertStates(existing));
    await load(existing);
    return monitors;
  }

  private async store(batch: Batch): Promise<void> {
    for (const query of this.sql.store(batch)) await this.run(query);
    if (batch.statuses.size === 0) return;
    const numbers = new Map([...batch.statuses].map(([id, status]) => [id, statusNumber(status)]));
    await this.run(this.sql.saveStatuses(numbers));
  }

  /** Writes the deliveries of a batch, and notes in its outcomes which ones have some. */
  private async tell(outcomes: readonly Outcome[]): Promise<void> {
    const notices = await this.see(outcomes);
    const telling = outcomes.filter((outcome) => outcome.announce !== null || notices.has(outcome));
    if (telling.length === 0) return;
    const channels = await this.channels(telling.map(({ applied }) => applied.heartbeat.monitorId));
    const now = this.options.clock.now();
    const rows: DeliveryRow[] = [];
    for (const outcome of telling) {
      const { heartbeat } = outcome.applied;
      const { monitorId } = heartbeat;
      const messages: Omit<DeliveryRow, 'id' | 'monitorId' | 'channelId'>[] = [];
      if (outcome.announce !== null) {
        const text = heartbeat.message;
        messages.push({ kind: outcome.announce, source: heartbeat.id, text, heartbeat: JSON.stringify(heartbeat) });
      }
      const notice = notices.get(outcome);
      if (notice) messages.push({ ...notice, heartbeat: null });
      for (const message of messages) {
        for (const channelId of channels.get(monitorId) ?? []) {
          rows.push({ id: newId(now), monitorId, channelId, ...message });
          outcome.applied.announced = true;
        }
      }
    }
    if (rows.length > 0) await this.run(this.sql.addDeliveries(rows, now));
  }

  /** Keeps the certificates that were seen. @returns the notices to give because of them. */
  private async see(outcomes: readonly Outcome[]): Promise<Map<Outcome, Notice>> {
    const notices = new Map<Outcome, Notice>();
    const sightings = outcomes.filter(({ sighting }) => sighting !== null);
    if (sightings.length === 0) return notices;
    const ids = [...new Set(sightings.map(({ applied }) => applied.heartbeat.monitorId))];
    const current = await this.rows(this.sql.certificates(ids));
    const certificates = new CertificateBatch(current, await this.rows(this.sql.notices(ids)));
    const now = this.options.clock.now();
    for (const outcome of sightings) {
      const notice = certificates.see(outcome.applied.heartbeat.monitorId, outcome.sighting!, now);
      if (notice) notices.set(outcome, notice);
    }
    const { documents, replaced, notices: given } = certificates.changes;
    if (documents.length > 0) await this.run(this.sql.saveCertificates(documents, now));
    if (replaced.length > 0) await this.run(this.sql.clearNotices(replaced));
    if (given.length > 0) await this.run(this.sql.addNotices(given, now));
    return notices;
  }

  private async channels(monitorIds: readonly string[]): Promise<Map<string, string[]>> {
    const channels = new Map<string, string[]>();
    const rows = await this.rows(this.sql.channels([...new Set(monitorIds)]));
    for (const [monitorId, channelId] of rows as [string, string][]) {
      const list = channels.get(monitorId);
      if (list) list.push(channelId);
      else channels.set(monitorId, [channelId]);
    }
    return channels;
  }

  private async rows(query: SqlQuery): Promise<Tuple[]> {
    return (await this.sessions.run(query)).rows;
  }

  private async run(query: SqlQuery): Promise<void> {
    await this.sessions.run(query);
  }
}

/** What no id is, for a text that PostgreSQL would not even take as a parameter. */
function storable(id: string): string {
  return id.includes('\0') ? '' : id;
}

/** The first bucket that starts at this moment or later. */
function bucketAt(time: number, period: Period): number {
  return Math.min(Math.ceil(time / PERIOD_MS[period]), LAST_BUCKET);
}

function toRange({ period, from, to }: BucketRange): BucketRange {
  return { period, from: bucketAt(from, period), to: bucketAt(to, period) };
}

function toHeartbeat(monitorId: string, tuple: Tuple): Heartbeat {
  const [monitorKey, time, nonce, status, message, latencyMs, duration, retries, downCount, important, notified] =
    tuple as [number, number, number, number, string, number, number, number, number, unknown, unknown];
  return {
    id: heartbeatId({ monitorKey, timeMs: time, nonce }),
    monitorId,
    status: statusOf(status),
    message,
    latencyMs,
    downCount,
    retries,
    important: Boolean(important),
    notified: Boolean(notified),
    time,
    endTime: time + duration,
  };
}

function toBucket(period: Period, tuple: Tuple): Bucket {
  const [bucket, up, down, maintenance, latencySum, latencyMin, latencyMax] = tuple as number[];
  return {
    start: bucket! * PERIOD_MS[period],
    up: up!,
    down: down!,
    maintenance: maintenance!,
    latencySum: latencySum!,
    latencyMin: latencyMin!,
    latencyMax: latencyMax!,
  };
}
