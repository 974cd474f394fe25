import { PERIODS, bucketStart, tally } from '@app/core';
import type { Bucket, Counts, Heartbeat, Period } from '@app/core';
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

export interface BeatRow {
  monitor_key: number;
  time: number;
  nonce: number;
  status: number;
  message: string;
  latency: number;
  duration: number;
  retries: number;
  down_count: number;
  important: number;
  notified: number;
}

const STATE = `SELECT monitor_key, status, time, retries, down_count, announced, last_push_at, last_maintenance_at
  FROM monitor_states WHERE monitor_id = ?`;

const BEATS = `SELECT monitor_key, time, nonce, status, message, latency, duration, retries, down_count, important,
  notified FROM heartbeats`;
const NEWEST = 'ORDER BY time DESC, nonce DESC LIMIT ? OFFSET ?';

function perPeriod<T>(make: (period: Period) => T): Record<Period, T> {
  return Object.fromEntries(PERIODS.map((period) => [period, make(period)])) as Record<Period, T>;
}

/** The statements that read; prepared once. */
export class TimelineReads {
  readonly state: Statement<[string], StateRow>;
  /** Of a monitor that has beats. */
  readonly key: Statement<[string]>;
  readonly certificate: Statement<[string]>;
  readonly beats: Statement<[number, number, number], BeatRow>;
  readonly importantBeats: Statement<[number, number, number], BeatRow>;
  readonly otherBeats: Statement<[number, number, number], BeatRow>;
  readonly series: Record<Period, Statement<[number, number, number], Bucket>>;
  readonly sums: Record<Period, Statement<[number, number, number], Counts>>;

  constructor(db: Database) {
    this.state = db.prepare(STATE);
    this.key = db.prepare('SELECT monitor_key FROM monitor_states WHERE monitor_id = ? AND time IS NOT NULL');
    this.certificate = db.prepare('SELECT document FROM certificates WHERE monitor_id = ?');
    this.beats = db.prepare(`${BEATS} WHERE monitor_key = ? ${NEWEST}`);
    // Left to itself, SQLite walks through the primary key: all of a quiet year to find its one important beat.
    this.importantBeats = db.prepare(`${BEATS} INDEXED BY heartbeats_important_idx
      WHERE monitor_key = ? AND important = 1 ${NEWEST}`);
    this.otherBeats = db.prepare(`${BEATS} WHERE monitor_key = ? AND important = 0 ${NEWEST}`);
    this.series = perPeriod((period) =>
      db.prepare(`SELECT start, up, down, maintenance, latency_sum AS latencySum, latency_min AS latencyMin,
        latency_max AS latencyMax FROM series_${period} WHERE monitor_key = ? AND start >= ? AND start <= ?
        ORDER BY start`),
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
