import type { Dialect } from '../../dialect';

const SERIES = ['series_minute', 'series_hour', 'series_day'];

/**
 * The primary key is the order on the disk. Buckets are numbered as on PostgreSQL. IF NOT EXISTS: every statement
 * commits by itself, so a migration that was interrupted begins again with some of them done.
 */
export function mysqlTables(dialect: Dialect): string[] {
  const { charset, collation } = dialect.column({
    kind: 'text',
    max: 36,
    nullable: false,
    unique: false,
    search: false,
  });
  const text = `CHARACTER SET ${charset} COLLATE ${collation}`;
  const id = `VARCHAR(36) ${text} NOT NULL`;
  const monitor = (table: string) =>
    `CONSTRAINT ${table}_monitor_id_fk FOREIGN KEY (monitor_id) REFERENCES monitors (id) ON DELETE CASCADE`;
  const options = 'ENGINE = InnoDB ROW_FORMAT = DYNAMIC';
  return [
    `CREATE TABLE IF NOT EXISTS monitor_states (
      monitor_key INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, monitor_id ${id},
      status TINYINT, time BIGINT, retries INT NOT NULL DEFAULT 0, down_count INT NOT NULL DEFAULT 0,
      announced TINYINT, last_push_at BIGINT, last_maintenance_at BIGINT,
      UNIQUE KEY monitor_states_monitor_id_idx (monitor_id), ${monitor('monitor_states')}) ${options}`,
    `CREATE TABLE IF NOT EXISTS heartbeats (
      monitor_key INT UNSIGNED NOT NULL, time BIGINT NOT NULL, nonce MEDIUMINT UNSIGNED NOT NULL,
      status TINYINT NOT NULL, latency BIGINT NOT NULL, duration BIGINT NOT NULL, retries INT NOT NULL,
      down_count INT NOT NULL, important TINYINT NOT NULL, notified TINYINT NOT NULL,
      message VARCHAR(1000) ${text} NOT NULL, PRIMARY KEY (monitor_key, time, nonce)) ${options}`,
    // In place of a partial index, which MySQL does not have: a whole one would cost 35 bytes a beat (measured).
    `CREATE TABLE IF NOT EXISTS important_heartbeats (
      monitor_key INT UNSIGNED NOT NULL, time BIGINT NOT NULL, nonce MEDIUMINT UNSIGNED NOT NULL,
      PRIMARY KEY (monitor_key, time, nonce)) ${options}`,
    ...SERIES.map(
      (name) => `CREATE TABLE IF NOT EXISTS ${name} (
        monitor_key INT UNSIGNED NOT NULL, bucket INT NOT NULL, up INT NOT NULL, down INT NOT NULL,
        maintenance INT NOT NULL, latency_sum BIGINT NOT NULL, latency_min BIGINT, latency_max BIGINT,
        PRIMARY KEY (monitor_key, bucket)) ${options}`,
    ),
    `CREATE TABLE IF NOT EXISTS certificates (
      monitor_id ${id} PRIMARY KEY, document MEDIUMTEXT ${text} NOT NULL, fingerprint VARCHAR(255) ${text},
      updated_at BIGINT NOT NULL, ${monitor('certificates')}) ${options}`,
    `CREATE TABLE IF NOT EXISTS certificate_notices (
      monitor_id ${id}, days INT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (monitor_id, days),
      ${monitor('certificate_notices')}) ${options}`,
  ];
}
