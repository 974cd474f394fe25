import { PERIODS, bucketStart, tally } from '@app/core';
import type { Counts, Heartbeat, Period } from '@app/core';
import type { Database, Statement } from 'better-sqlite3';

export interface StateRow {
  monitor_key: number;
  status: number | null;
  time: number | null;
  retries: number;
  down_count: number;
  announced: number | null;
  last_push_at: number | null;
  last_maintenance_at: number | null;
}

/** A heartbeat as it comes from {@link TimelineReads}, in the order of `BEAT_COLUMNS`. */
export type BeatTuple = [
  time: number,
  nonce: number,
  status: number,
  message: string,
  latency: number,
  duration: number,
  retries: number,
  downCount: number,
  important: 0 | 1,
  notified: 0 | 1,
];

/** A bucket, in the order of `BUCKET_COLUMNS`. */
export type BucketTuple = [
  start: number,
  up: number,
  down: number,
  maintenance: number,
  latencySum: number,
  latencyMin: number | null,
  latencyMax: number | null,
];

const STATE = `SELECT monitor_key, status, time, retries, down_count, announced, last_push_at, last_maintenance_at
  FROM monitor_states WHERE monitor_id = ?`;

const BEAT_COLUMNS = 'time, nonce, status, message, latency, duration, retries, down_count, important, notified';
const BUCKET_COLUMNS = 'start, up, down, maintenance, latency_sum, latency_min, latency_max';
/** `0 + ?` is no plain parameter to SQLite's planner, which would plan anew for every other LIMIT (see `Statement`). */
const NEWEST = 'ORDER BY time DESC, nonce DESC LIMIT 0 + ? OFFSET 0 + ?';

type JsonStatement = Statement<[number, number, number], string>;

/** Many rows as one JSON text, for the reason that `sqliteSelect` tells. */
function asJson(db: Database, columns: string, rest: string): JsonStatement {
  const sql = `SELECT json_group_array(json_array(${columns})) FROM (SELECT ${columns} FROM ${rest})`;
  return db.prepare<[number, number, number], string>(sql).pluck();
}

function perPeriod<T>(make: (period: Period) => T): Record<Period, T> {
  return Object.fromEntries(PERIODS.map((period) => [period, make(period)])) as Record<Period, T>;
}

/** The statements that read; prepared once. */
export class TimelineReads {
  readonly state: Statement<[string], StateRow>;
  /** Of a monitor that has beats. */
  readonly key: Statement<[string]>;
  readonly certificate: Statement<[string]>;
  /** JSON lists of {@link BeatTuple}. */
  readonly beats: JsonStatement;
  readonly importantBeats: JsonStatement;
  readonly otherBeats: JsonStatement;
  /** JSON lists of {@link BucketTuple}. */
  readonly series: Record<Period, JsonStatement>;
  readonly sums: Record<Period, Statement<[number, number, number], Counts>>;

  constructor(db: Database) {
    this.state = db.prepare(STATE);
    this.key = db.prepare('SELECT monitor_key FROM monitor_states WHERE monitor_id = ? AND time IS NOT NULL');
    this.certificate = db.prepare('SELECT document FROM certificates WHERE monitor_id = ?');
    const beats = (from: string, condition: string) =>
      asJson(db, BEAT_COLUMNS, `${from} WHERE monitor_key = ? ${condition} ${NEWEST}`);
    this.beats = beats('heartbeats', '');
    // Left to itself, SQLite walks through the primary key: all of a quiet year to find its one important beat.
    this.importantBeats = beats('heartbeats INDEXED BY heartbeats_important_idx', 'AND important = 1');
    this.otherBeats = beats('heartbeats', 'AND important = 0');
    this.series = perPeriod((period) =>
      asJson(db, BUCKET_COLUMNS, `series_${period} WHERE monitor_key = ? AND start >= ? AND start <= ? ORDER BY start`),
    );
    this.sums = perPeriod((period) =>
      db.prepare(`SELECT IFNULL(SUM(up), 0) AS up, IFNULL(SUM(down), 0) AS down FROM series_${period}
        WHERE monitor_key = ? AND start >= ? AND start < ?`),
    );
  }
}

/** The statements that write, and what the writers read on the way; prepared once. */
export class TimelineWrites {
  readonly state: Statement<[string], StateRow>;
  readonly insertState: Statement<[string]>;
  readonly deleteState: Statement<[string]>;
  readonly saveState: Statement<unknown[]>;
  readonly insertBeat: Statement<unknown[]>;
  readonly monitorStatus: Statement<[number, string]>;
  readonly channels: Statement<[string]>;
  readonly insertDelivery: Statement<unknown[]>;
  private readonly series: Record<Period, Statement<unknown[]>>;

  constructor(db: Database) {
    this.state = db.prepare(STATE);
    this.insertState = db.prepare('INSERT INTO monitor_states (monitor_id) SELECT id FROM monitors WHERE id = ?');
    this.deleteState = db.prepare('DELETE FROM monitor_states WHERE monitor_id = ?');
    this.saveState = db.prepare(`UPDATE monitor_states SET status = ?, time = ?, retries = ?, down_count = ?,
      announced = ?, last_push_at = ?, last_maintenance_at = ? WHERE monitor_key = ?`);
    this.insertBeat = db.prepare(`INSERT INTO heartbeats (monitor_key, time, nonce, status, message, latency, duration,
      retries, down_count, important, notified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
    this.monitorStatus = db.prepare('UPDATE monitors SET status = ? WHERE id = ?');
    this.channels = db.prepare(`SELECT c.id FROM monitor_notifications l JOIN notification_channels c
      ON c.id = l.channel_id WHERE l.monitor_id = ? AND c.active = 1 ORDER BY l.position`);
    this.insertDelivery = db.prepare(`INSERT INTO deliveries (id, created_at, updated_at, monitor_id, channel_id, kind,
      source, text, heartbeat, state, attempts, due_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?) ON CONFLICT DO NOTHING`);
    this.series = perPeriod((period) =>
      db.prepare(`INSERT INTO series_${period} (monitor_key, start, up, down, maintenance, latency_sum, latency_min,
        latency_max) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (monitor_key, start) DO UPDATE SET
        up = up + excluded.up, down = down + excluded.down, maintenance = maintenance + excluded.maintenance,
        latency_sum = latency_sum + excluded.latency_sum,
        latency_min = IFNULL(MIN(latency_min, excluded.latency_min), IFNULL(latency_min, excluded.latency_min)),
        latency_max = IFNULL(MAX(latency_max, excluded.latency_max), IFNULL(latency_max, excluded.latency_max))`),
    );
  }

  /** Adds a beat to the three series. */
  count(key: number, { status, time, latencyMs }: Heartbeat): void {
    const { up, down, maintenance } = tally(status);
    const latency = up ? latencyMs : null;
    for (const period of PERIODS) {
      const start = bucketStart(time, period);
      this.series[period].run(key, start, up, down, maintenance, latency ?? 0, latency, latency);
    }
  }
}
