const SERIES = ['series_minute', 'series_hour', 'series_day'];

/** Monitor keys are never reused (AUTOINCREMENT), since deleted rows leave the disk later than their monitor. */
export const SQLITE_TABLES = [
  `CREATE TABLE monitor_states (
    monitor_key INTEGER PRIMARY KEY AUTOINCREMENT,
    monitor_id TEXT NOT NULL UNIQUE REFERENCES monitors (id) ON DELETE CASCADE,
    status INTEGER, time INTEGER, retries INTEGER NOT NULL DEFAULT 0, down_count INTEGER NOT NULL DEFAULT 0,
    announced INTEGER, last_push_at INTEGER, last_maintenance_at INTEGER)`,
  `CREATE TABLE heartbeats (
    monitor_key INTEGER NOT NULL, time INTEGER NOT NULL, nonce INTEGER NOT NULL, status INTEGER NOT NULL,
    latency INTEGER NOT NULL, duration INTEGER NOT NULL, retries INTEGER NOT NULL, down_count INTEGER NOT NULL,
    important INTEGER NOT NULL, notified INTEGER NOT NULL, message TEXT NOT NULL,
    PRIMARY KEY (monitor_key, time, nonce)) WITHOUT ROWID`,
  `CREATE INDEX heartbeats_important_idx ON heartbeats (monitor_key, time, nonce)
    WHERE important = 1`,
  ...SERIES.map(
    (name) => `CREATE TABLE ${name} (
      monitor_key INTEGER NOT NULL, start INTEGER NOT NULL, up INTEGER NOT NULL, down INTEGER NOT NULL,
      maintenance INTEGER NOT NULL, latency_sum INTEGER NOT NULL, latency_min INTEGER, latency_max INTEGER,
      PRIMARY KEY (monitor_key, start)) WITHOUT ROWID`,
  ),
  `CREATE TABLE certificates (
    monitor_id TEXT PRIMARY KEY REFERENCES monitors (id) ON DELETE CASCADE, document TEXT NOT NULL, fingerprint TEXT, updated_at INTEGER NOT NULL)
    WITHOUT ROWID`,
  `CREATE TABLE certificate_notices (
    monitor_id TEXT NOT NULL REFERENCES monitors (id) ON DELETE CASCADE, days INTEGER NOT NULL, created_at INTEGER NOT NULL,
    PRIMARY KEY (monitor_id, days)) WITHOUT ROWID`,
];
