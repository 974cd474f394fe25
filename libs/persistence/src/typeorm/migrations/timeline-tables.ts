import type { QueryRunner } from 'typeorm';

const SERIES = ['series_minute', 'series_hour', 'series_day'];

/**
 * Heartbeats and series are keyed by a small number per monitor and kept in the order of (monitor, time): half the
 * bytes of a row with a text id, and a monitor's history is one stretch of the file. Monitor keys are never reused
 * (AUTOINCREMENT), since deleted rows leave the disk later than their monitor. State and certificate go with it.
 */
export async function createTimelineTables(runner: QueryRunner): Promise<void> {
  await runner.query(`CREATE TABLE monitor_states (
    monitor_key INTEGER PRIMARY KEY AUTOINCREMENT,
    monitor_id TEXT NOT NULL UNIQUE REFERENCES monitors (id) ON DELETE CASCADE,
    status INTEGER, time INTEGER, retries INTEGER NOT NULL DEFAULT 0, down_count INTEGER NOT NULL DEFAULT 0,
    announced INTEGER, last_push_at INTEGER, last_maintenance_at INTEGER)`);
  await runner.query(`CREATE TABLE heartbeats (
    monitor_key INTEGER NOT NULL, time INTEGER NOT NULL, nonce INTEGER NOT NULL, status INTEGER NOT NULL,
    latency INTEGER NOT NULL, duration INTEGER NOT NULL, retries INTEGER NOT NULL, down_count INTEGER NOT NULL,
    important INTEGER NOT NULL, notified INTEGER NOT NULL, message TEXT NOT NULL,
    PRIMARY KEY (monitor_key, time, nonce)) WITHOUT ROWID`);
  await runner.query(`CREATE INDEX heartbeats_important_idx ON heartbeats (monitor_key, time, nonce)
    WHERE important = 1`);
  for (const name of SERIES) {
    await runner.query(`CREATE TABLE ${name} (
      monitor_key INTEGER NOT NULL, start INTEGER NOT NULL, up INTEGER NOT NULL, down INTEGER NOT NULL,
      maintenance INTEGER NOT NULL, latency_sum INTEGER NOT NULL, latency_min INTEGER, latency_max INTEGER,
      PRIMARY KEY (monitor_key, start)) WITHOUT ROWID`);
  }
  await runner.query(`CREATE TABLE certificates (
    monitor_id TEXT PRIMARY KEY REFERENCES monitors (id) ON DELETE CASCADE, document TEXT NOT NULL, fingerprint TEXT, updated_at INTEGER NOT NULL)
    WITHOUT ROWID`);
  await runner.query(`CREATE TABLE certificate_notices (
    monitor_id TEXT NOT NULL REFERENCES monitors (id) ON DELETE CASCADE, days INTEGER NOT NULL, created_at INTEGER NOT NULL,
    PRIMARY KEY (monitor_id, days)) WITHOUT ROWID`);
}

export async function dropTimelineTables(runner: QueryRunner): Promise<void> {
  const tables = ['certificate_notices', 'certificates', ...SERIES, 'heartbeats', 'monitor_states'];
  for (const name of tables) await runner.query(`DROP TABLE IF EXISTS ${name}`);
}
