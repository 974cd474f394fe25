// Histories of beats at an even pace for each monitor, written by the engine itself from a series of numbers.
import type { DatabaseType } from '@app/core';
import { runSql } from './storage-sql';

const MINUTE = 60_000;
const LENGTHS = { minute: MINUTE, hour: 60 * MINUTE, day: 1440 * MINUTE };

export interface History {
  beatsPerMonitor: number;
  /** From one beat to the next. */
  stepMinutes: number;
  /** Of the newest beat, epoch ms; a whole minute. */
  end: number;
}

/** One beat in a thousand is down; the series are what the beats add up to. */
export async function seed(engine: DatabaseType, url: string, history: History): Promise<null> {
  if (engine === 'mongo') throw new Error('MongoDB is filled by the timeline itself');
  const statements = engine === 'postgres' ? postgres(history) : engine === 'mysql' ? mysql(history) : sqlite(history);
  await runSql(engine, url, statements);
  return null;
}

const STATES = (end: number) => [
  `INSERT INTO monitor_states (monitor_id, status) SELECT id, 1 FROM monitors
    WHERE id NOT IN (SELECT monitor_id FROM monitor_states) ORDER BY id`,
  `UPDATE monitor_states SET status = 1, time = ${end}`,
];

function sqlite({ beatsPerMonitor, stepMinutes, end }: History): string[] {
  const step = stepMinutes * MINUTE;
  const from = end - (beatsPerMonitor - 1) * step;
  return [
    ...STATES(end),
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${beatsPerMonitor - 1})
      INSERT INTO heartbeats (monitor_key, time, nonce, status, latency, duration, retries, down_count, important,
        notified, message)
      SELECT monitor_key, ${from} + i * ${step}, 0, i % 1000 <> 999, 10 + i * 7 % 50, 10 + i * 7 % 50, 0, 0,
        i % 1000 = 999, 0, iif(i % 1000 = 999, 'connect ECONNREFUSED 127.0.0.1:9', '200 - 200 OK')
      FROM monitor_states CROSS JOIN n ORDER BY monitor_key, i`,
    ...Object.entries(LENGTHS).map(
      ([name, length]) => `INSERT INTO series_${name} (monitor_key, start, up, down, maintenance, latency_sum,
        latency_min, latency_max)
        SELECT monitor_key, time / ${length} * ${length} AS bucket, SUM(status = 1), SUM(status = 0), 0,
        SUM(iif(status = 1, latency, 0)), MIN(iif(status = 1, latency, NULL)), MAX(iif(status = 1, latency, NULL))
        FROM heartbeats WHERE time BETWEEN ${from} AND ${end} GROUP BY monitor_key, bucket`,
    ),
    'ANALYZE',
  ];
}

function postgres({ beatsPerMonitor, stepMinutes, end }: History): string[] {
  const step = stepMinutes * MINUTE;
  const from = end - (beatsPerMonitor - 1) * step;
  return [
    ...STATES(end),
    `INSERT INTO heartbeats (latency, duration, monitor_key, second, nonce, retries, down_count, millisecond, status,
        important, notified, message)
      SELECT 10 + i * 7 % 50, 10 + i * 7 % 50, monitor_key, ${from / 1000} + i * ${step / 1000}, 0, 0, 0, 0,
        CASE WHEN i % 1000 = 999 THEN 0 ELSE 1 END, i % 1000 = 999, false,
        CASE WHEN i % 1000 = 999 THEN 'connect ECONNREFUSED 127.0.0.1:9' ELSE '200 - 200 OK' END
      FROM generate_series(0, ${beatsPerMonitor - 1}) AS i, monitor_states ORDER BY i, monitor_key`,
    ...Object.entries(LENGTHS).map(
      ([name, length]) => `INSERT INTO series_${name} (latency_sum, latency_min, latency_max, monitor_key, bucket, up,
        down, maintenance)
        SELECT COALESCE(SUM(latency) FILTER (WHERE status = 1), 0), MIN(latency) FILTER (WHERE status = 1),
        MAX(latency) FILTER (WHERE status = 1), monitor_key, second / ${length / 1000} AS bucket,
        COUNT(*) FILTER (WHERE status = 1), COUNT(*) FILTER (WHERE status = 0), 0
        FROM heartbeats WHERE second BETWEEN ${from / 1000} AND ${end / 1000} GROUP BY monitor_key, bucket`,
    ),
    'VACUUM ANALYZE',
  ];
}

function mysql({ beatsPerMonitor, stepMinutes, end }: History): string[] {
  const step = stepMinutes * MINUTE;
  const from = end - (beatsPerMonitor - 1) * step;
  const down = 'i % 1000 = 999';
  const numbers = ['CREATE TEMPORARY TABLE n (i INT PRIMARY KEY)', 'INSERT INTO n VALUES (0)'];
  // A temporary table cannot be read twice in one statement.
  for (let count = 1; count < beatsPerMonitor; count *= 2) {
    numbers.push('DROP TEMPORARY TABLE IF EXISTS more', 'CREATE TEMPORARY TABLE more AS SELECT i FROM n');
    numbers.push(`INSERT INTO n SELECT i + ${count} FROM more WHERE i + ${count} < ${beatsPerMonitor}`);
  }
  return [
    ...STATES(end),
    ...numbers,
    'SET SESSION unique_checks = 0, foreign_key_checks = 0',
    `INSERT INTO heartbeats (monitor_key, time, nonce, status, latency, duration, retries, down_count, important,
        notified, message)
      SELECT monitor_key, ${from} + i * ${step}, 0, IF(${down}, 0, 1), 10 + i * 7 % 50, 10 + i * 7 % 50, 0, 0,
        IF(${down}, 1, 0), 0, IF(${down}, 'connect ECONNREFUSED 127.0.0.1:9', '200 - 200 OK')
      FROM monitor_states STRAIGHT_JOIN n ORDER BY monitor_key, i`,
    `INSERT INTO important_heartbeats (monitor_key, time, nonce)
      SELECT monitor_key, time, nonce FROM heartbeats WHERE important = 1 AND time BETWEEN ${from} AND ${end}`,
    ...Object.entries(LENGTHS).map(
      ([name, length]) => `INSERT INTO series_${name} (monitor_key, bucket, up, down, maintenance, latency_sum,
        latency_min, latency_max)
        SELECT monitor_key, time DIV ${length} AS b, SUM(status = 1), SUM(status = 0), 0,
        SUM(IF(status = 1, latency, 0)), MIN(IF(status = 1, latency, NULL)), MAX(IF(status = 1, latency, NULL))
        FROM heartbeats WHERE time BETWEEN ${from} AND ${end} GROUP BY monitor_key, b`,
    ),
    'ANALYZE TABLE heartbeats, series_minute, series_hour, series_day',
  ];
}
