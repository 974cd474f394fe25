import {
  NEW_STATE,
  Timeline,
  advance,
  cutMessage,
  heartbeatId,
  newId,
  planWindow,
  statusNumber,
  statusOf,
} from '@app/core';
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
  Transition,
} from '@app/core';
import type { Database } from 'better-sqlite3';
import { translate } from '../errors';
import type { WriteGate } from '../write-gate';
import { sqliteDialect } from './sqlite.dialect';
import { SqliteCertificates } from './sqlite.certificates';
import { SqlitePruner } from './sqlite.pruner';
import { TimelineReads, TimelineWrites } from './timeline-statements';
import type { BeatTuple, BucketTuple, StateRow } from './timeline-statements';

export interface SqliteTimelineOptions {
  writer: Database;
  reader: Database;
  gate: WriteGate;
  clock: Clock;
}

/**
 * The timeline on SQLite, in hand-written statements on the connections that TypeORM opened. Everything here is
 * synchronous inside its turn at the gate, so nobody else's statement can come in between.
 */
export class SqliteTimeline extends Timeline {
  private readonly writes: TimelineWrites;
  private readonly reads: TimelineReads;
  private readonly certificates: SqliteCertificates;
  private readonly pruner: SqlitePruner;
  private readonly atomically: (work: () => unknown) => unknown;

  constructor(private readonly options: SqliteTimelineOptions) {
    super();
    this.writes = new TimelineWrites(options.writer);
    this.reads = new TimelineReads(options.reader);
    this.certificates = new SqliteCertificates(options.writer);
    this.pruner = new SqlitePruner(options.writer);
    // IMMEDIATE: a transaction that begins by reading could not wait for another program that writes (a backup).
    const transaction = options.writer.transaction((work: () => unknown) => work());
    this.atomically = (work) => transaction.immediate(work);
  }

  override apply(results: readonly CheckResult[]): Promise<Applied[]> {
    return this.write(() => {
      const applied: Applied[] = [];
      for (const result of results) {
        const one = this.applyOne(result);
        if (one) applied.push(one);
      }
      return applied;
    });
  }

  override states(monitorIds: readonly string[]): Promise<Map<string, MonitorState>> {
    return this.read(() => {
      const states = new Map<string, MonitorState>();
      for (const id of monitorIds) {
        const row = this.reads.state.get(id);
        if (row && row.time !== null) states.set(id, toState(row));
      }
      return states;
    });
  }

  override beats(monitorId: string, { limit, offset = 0, important }: BeatWindow): Promise<Heartbeat[]> {
    return this.read(() => {
      const key = this.reads.key.pluck().get(monitorId) as number | undefined;
      if (key === undefined) return [];
      const statement =
        important === undefined ? this.reads.beats : important ? this.reads.importantBeats : this.reads.otherBeats;
      const tuples = JSON.parse(statement.get(key, limit, offset)!) as BeatTuple[];
      return tuples.map((tuple) => toHeartbeat(monitorId, key, tuple));
    });
  }

  override newest(monitorIds: readonly string[], limit: number): Promise<Map<string, Heartbeat[]>> {
    return this.read(() => {
      const newest = new Map<string, Heartbeat[]>();
      for (const id of monitorIds) {
        const key = this.reads.key.pluck().get(id) as number | undefined;
        if (key === undefined) continue;
        const tuples = JSON.parse(this.reads.beats.get(key, limit, 0)!) as BeatTuple[];
        if (tuples.length > 0)
          newest.set(
            id,
            tuples.map((tuple) => toHeartbeat(id, key, tuple)),
          );
      }
      return newest;
    });
  }

  override series(monitorId: string, period: Period, from: number, to: number): Promise<Bucket[]> {
    return this.read(() => {
      const key = this.reads.key.pluck().get(monitorId) as number | undefined;
      if (key === undefined) return [];
      return (JSON.parse(this.reads.series[period].get(key, from, to)!) as BucketTuple[]).map(toBucket);
    });
  }

  override uptime(
    monitorIds: readonly string[],
    windowsMs: readonly number[],
    now: number,
  ): Promise<Map<string, Counts[]>> {
    return this.read(() => {
      const plans = windowsMs.map((windowMs) => planWindow(now, windowMs));
      const counts = new Map<string, Counts[]>();
      for (const id of monitorIds) {
        const key = this.reads.key.pluck().get(id) as number | undefined;
        if (key === undefined) continue;
        counts.set(
          id,
          plans.map(({ edge, body }) => {
            const old = this.reads.sums[edge.period].get(key, edge.from, edge.to)!;
            const rest = this.reads.sums[body.period].get(key, body.from, body.to)!;
            return { up: old.up + rest.up, down: old.down + rest.down };
          }),
        );
      }
      return counts;
    });
  }

  override reset(monitorId: string): Promise<void> {
    return this.write(() => {
      const row = this.writes.state.get(monitorId);
      if (!row) return;
      // A new key makes the old beats unreachable at once; prune() takes them off the disk in its own time.
      this.writes.deleteState.run(monitorId);
      this.writes.insertState.run(monitorId);
      const key = this.writes.state.get(monitorId)!.monitor_key;
      const { announced, lastPushAt, lastMaintenanceAt } = toState(row);
      this.saveState(key, { ...NEW_STATE, announced, lastPushAt, lastMaintenanceAt });
    });
  }

  override forget(monitorId: string): Promise<void> {
    return this.write(() => {
      this.writes.deleteState.run(monitorId);
      this.certificates.forget(monitorId);
    });
  }

  override certificate(monitorId: string): Promise<CertificateDocument | null> {
    return this.read(() => {
      const text = this.reads.certificate.pluck().get(monitorId) as string | undefined;
      return text === undefined ? null : (JSON.parse(text) as CertificateDocument);
    });
  }

  override prune(retention: Retention): Promise<boolean> {
    return this.write(() => this.pruner.run(retention));
  }

  private applyOne(result: CheckResult): Applied | null {
    const row = this.stateRow(result.monitorId);
    if (!row) return null; // deleted meanwhile
    const state = toState(row);
    const transition = advance(state, result);
    const { beat } = transition;
    if (!beat) return null;

    const key = row.monitor_key;
    const message = cutMessage(beat.message);
    const notified = transition.announce !== null;
    const stored = this.writes.insertBeat.run(
      key,
      result.startedAt,
      result.nonce,
      statusNumber(beat.status),
      message,
      result.latencyMs,
      result.endedAt - result.startedAt,
      beat.retries,
      beat.downCount,
      beat.important ? 1 : 0,
      notified ? 1 : 0,
    );
    if (stored.changes === 0) return null; // applied before

    const heartbeat: Heartbeat = {
      id: heartbeatId({ monitorKey: key, timeMs: result.startedAt, nonce: result.nonce }),
      monitorId: result.monitorId,
      status: beat.status,
      message,
      latencyMs: result.latencyMs,
      downCount: beat.downCount,
      retries: beat.retries,
      important: beat.important,
      notified,
      time: result.startedAt,
      endTime: result.endedAt,
    };
    this.writes.count(key, heartbeat);
    this.saveState(key, transition.state);
    if (transition.state.status !== state.status && transition.state.status !== null) {
      this.writes.monitorStatus.run(statusNumber(transition.state.status), result.monitorId);
    }
    const announced = this.announce(transition, heartbeat) + this.notice(transition, result) > 0;
    return { heartbeat, previousStatus: state.status, retry: transition.retry, announced };
  }

  /** The monitor's state, made when its first result comes; undefined when there is no such monitor. */
  private stateRow(monitorId: string): StateRow | undefined {
    const row = this.writes.state.get(monitorId);
    if (row) return row;
    this.writes.insertState.run(monitorId);
    return this.writes.state.get(monitorId);
  }

  private saveState(key: number, state: MonitorState): void {
    this.writes.saveState.run(
      state.status === null ? null : statusNumber(state.status),
      state.time,
      state.retries,
      state.downCount,
      state.announced === null ? null : statusNumber(state.announced),
      state.lastPushAt,
      state.lastMaintenanceAt,
      key,
    );
  }

  private announce({ announce }: Transition, heartbeat: Heartbeat): number {
    if (announce === null) return 0;
    return this.deliver(heartbeat.monitorId, announce, heartbeat.id, heartbeat.message, JSON.stringify(heartbeat));
  }

  private notice({ state }: Transition, { monitorId, startedAt, certificate }: CheckResult): number {
    if (!certificate || startedAt !== state.time) return 0; // a late result saw an older one
    const notice = this.certificates.see(monitorId, certificate, this.options.clock.now());
    return notice ? this.deliver(monitorId, notice.kind, notice.source, notice.text, null) : 0;
  }

  /** One delivery per active channel of the monitor. @returns how many. */
  private deliver(monitorId: string, kind: string, source: string, text: string, heartbeat: string | null): number {
    const now = this.options.clock.now();
    const channels = this.writes.channels.pluck().all(monitorId) as string[];
    for (const channelId of channels) {
      this.writes.insertDelivery.run(newId(now), now, now, monitorId, channelId, kind, source, text, heartbeat, now);
    }
    return channels.length;
  }

  private write<T>(work: () => T): Promise<T> {
    return this.options.gate.exclusive(() => guarded(() => this.atomically(work) as T));
  }

  private async read<T>(work: () => T): Promise<T> {
    return Promise.resolve(guarded(work));
  }
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const translated = translate(sqliteDialect, error);
    throw translated as Error;
  }
}

function toState(row: StateRow): MonitorState {
  return {
    status: row.status === null ? null : statusOf(row.status),
    time: row.time,
    retries: row.retries,
    downCount: row.down_count,
    announced: row.announced === null ? null : row.announced === 1 ? 'up' : 'down',
    lastPushAt: row.last_push_at,
    lastMaintenanceAt: row.last_maintenance_at,
  };
}

function toHeartbeat(monitorId: string, monitorKey: number, tuple: BeatTuple): Heartbeat {
  const [time, nonce, status, message, latencyMs, duration, retries, downCount, important, notified] = tuple;
  return {
    id: heartbeatId({ monitorKey, timeMs: time, nonce }),
    monitorId,
    status: statusOf(status),
    message,
    latencyMs,
    downCount,
    retries,
    important: important === 1,
    notified: notified === 1,
    time,
    endTime: time + duration,
  };
}

function toBucket(tuple: BucketTuple): Bucket {
  const [start, up, down, maintenance, latencySum, latencyMin, latencyMax] = tuple;
  return { start, up, down, maintenance, latencySum, latencyMin, latencyMax };
}
