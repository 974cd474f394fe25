import { HOUR, MINUTE, PERIOD_MS } from '@app/core';
import type { Period } from '@app/core';
import { DataSource } from 'typeorm';
import type { RunningApp } from '../../support/app';

/** start, mean latency, its minimum and maximum, up, down, maintenance: beats that count once, unlike the recorded. */
type Row = [start: string, ping: number, min: number, max: number, up: number, down: number, maintenance: number];

/** What the monitors of the recording held (as we count: maintenance is not up, and nothing was up without a ping). */
const ROWS: Record<Period, Row[]> = {
  day: [
    ['2025-06-01T00:00:00Z', 99, 3, 600, 1, 1439, 0],
    ['2026-01-05T00:00:00Z', 90, 2, 500, 1440, 0, 0],
    ['2026-08-20T00:00:00Z', 80, 1, 400, 100, 900, 0],
    ['2026-10-30T00:00:00Z', 70, 5, 300, 900, 100, 0],
    ['2026-11-14T00:00:00Z', 60, 10, 100, 500, 500, 0],
    ['2026-11-20T00:00:00Z', 40, 30, 50, 1000, 0, 0],
    ['2026-11-21T00:00:00Z', 50, 20, 90, 900, 100, 0],
    ['2026-11-22T00:00:00Z', 45.5, 25, 80, 600, 100, 200],
  ],
  hour: [
    ['2026-11-22T10:00:00Z', 40, 31, 77, 60, 0, 0],
    ['2026-11-22T11:00:00Z', 42.25, 33, 70, 40, 20, 0],
    ['2026-11-22T12:00:00Z', 0, 0, 0, 0, 0, 60],
    ['2026-11-22T13:00:00Z', 0, 0, 0, 0, 60, 0],
  ],
  minute: [
    ['2026-11-22T10:01:00Z', 35, 35, 35, 1, 0, 0],
    ['2026-11-22T10:02:00Z', 0, 0, 0, 0, 1, 0],
    ['2026-11-22T10:03:00Z', 41, 38, 44, 2, 1, 0],
    ['2026-11-22T10:05:00Z', 0, 0, 0, 0, 0, 1],
    ['2026-11-22T10:06:00Z', 0, 0, 0, 1, 0, 0],
    ['2026-11-22T10:07:00Z', 12.5, 10, 15, 2, 0, 0],
  ],
};

/** Writes the rows, and sixty-two beats, straight into the tables. */
export async function seedHistory(app: RunningApp, monitorId: string): Promise<void> {
  const database = app.get(DataSource);
  const statement = 'INSERT INTO monitor_states (monitor_id, status, time) VALUES (?, 1, ?) RETURNING monitor_key';
  const [state] = await database.query<{ monitor_key: number }[]>(statement, [
    monitorId,
    Date.parse('2026-11-22T11:30Z'),
  ]);
  const key = state!.monitor_key;
  for (const [period, rows] of Object.entries(ROWS)) {
    for (const [start, ping, min, max, up, down, maintenance] of rows) {
      const latencies = up > 0 ? [ping * up, min, max] : [0, null, null];
      await database.query(`INSERT INTO series_${period} VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, [
        key,
        Date.parse(start),
        up,
        down,
        maintenance,
        ...latencies,
      ]);
    }
  }
  const beat = `INSERT INTO heartbeats (monitor_key, time, nonce, status, latency, duration, retries, down_count,
    important, notified, message) VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, 0, ?)`;
  const from = Date.parse('2026-11-22T10:00:00.500Z');
  for (let i = 0; i < 60; i++) {
    const important = i % 10 === 0 ? 1 : 0;
    await database.query(beat, [key, from + i * MINUTE, 0, i % 10 === 6 ? 0 : 1, 20 + i, -50, important, `m${i}`]);
  }
  const tie = from - 500 + 1.5 * HOUR;
  await database.query(beat, [key, tie, 1, 1, 1, 0, 0, 'tie-a']);
  await database.query(beat, [key, tie, 2, 1, 2, 0, 0, 'tie-b']);
}

/** What a chart of the rows has to show: one point per stretch of `length` ms, aligned to it. */
export function expectedPoints(period: Period, since: number, until: number, length = PERIOD_MS[period]) {
  const points = [];
  const all = { up: 0, down: 0, latencies: 0, min: Infinity, max: -Infinity };
  for (let start = Math.floor(since / length) * length; start <= until; start += length) {
    const inside = ROWS[period].filter(([at]) => {
      const moment = Date.parse(at);
      return moment >= start && moment < start + length && moment <= until;
    });
    const upRows = inside.filter(([, , , , up]) => up > 0);
    const sum = (pick: (row: Row) => number) => inside.reduce((total, row) => total + pick(row), 0);
    const up = sum((row) => row[4]);
    const down = sum((row) => row[5]);
    const latencies = sum((row) => row[1] * row[4]);
    const min = Math.min(...upRows.map((row) => row[2]));
    const max = Math.max(...upRows.map((row) => row[3]));
    points.push({
      up,
      down,
      maintenance: sum((row) => row[6]),
      ping: up > 0 ? latencies / up : 0,
      ping_min: up > 0 ? min : 0,
      ping_max: up > 0 ? max : 0,
      timestamp: start,
    });
    all.up += up;
    all.down += down;
    all.latencies += latencies;
    all.min = Math.min(all.min, min);
    all.max = Math.max(all.max, max);
  }
  return {
    points,
    maxPing: all.up > 0 ? all.max : null,
    minPing: all.up > 0 ? all.min : null,
    avgPing: all.up > 0 ? all.latencies / all.up : null,
    uptime: all.up + all.down > 0 ? (all.up / (all.up + all.down)) * 100 : null,
  };
}
