const SERIES = ['series_minute', 'series_hour', 'series_day'];
const ID = 'varchar(36) COLLATE "C"';

/**
 * Columns go from wide to narrow, so that nothing is lost to alignment. Buckets are numbered (start divided by the
 * length of the period): four bytes instead of eight, in the row and in the index. `fillfactor` leaves room for the
 * next version of rows that change with every beat, which then need no new entry in the index. The moment of a beat
 * is split so that its key takes 16 bytes: in wider ones PostgreSQL leaves half of every index page empty when many
 * monitors grow at once (measured: 71 bytes a beat instead of 31; see `_bt_afternewitemoff` in its nbtsplitloc.c).
 */
export const POSTGRES_TABLES = [
  `CREATE TABLE monitor_states (
    time bigint, last_push_at bigint, last_maintenance_at bigint,
    monitor_key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    retries integer NOT NULL DEFAULT 0, down_count integer NOT NULL DEFAULT 0, status smallint, announced smallint,
    monitor_id ${ID} NOT NULL UNIQUE REFERENCES monitors (id) ON DELETE CASCADE) WITH (fillfactor = 40)`,
  `CREATE TABLE heartbeats (
    latency bigint NOT NULL, duration bigint NOT NULL, monitor_key integer NOT NULL, second integer NOT NULL,
    nonce integer NOT NULL, retries integer NOT NULL, down_count integer NOT NULL, millisecond smallint NOT NULL,
    status smallint NOT NULL, important boolean NOT NULL, notified boolean NOT NULL, message text NOT NULL,
    PRIMARY KEY (monitor_key, second, millisecond, nonce))`,
  'CREATE INDEX heartbeats_important_idx ON heartbeats (monitor_key, second, millisecond, nonce) WHERE important',
  ...SERIES.map(
    (name) => `CREATE TABLE ${name} (
      latency_sum bigint NOT NULL, latency_min bigint, latency_max bigint, monitor_key integer NOT NULL,
      bucket integer NOT NULL, up integer NOT NULL, down integer NOT NULL, maintenance integer NOT NULL,
      PRIMARY KEY (monitor_key, bucket))${name === 'series_minute' ? '' : ' WITH (fillfactor = 70)'}`,
  ),
  `CREATE TABLE certificates (
    monitor_id ${ID} PRIMARY KEY REFERENCES monitors (id) ON DELETE CASCADE, document text NOT NULL,
    fingerprint text, updated_at bigint NOT NULL)`,
  `CREATE TABLE certificate_notices (
    monitor_id ${ID} NOT NULL REFERENCES monitors (id) ON DELETE CASCADE, days integer NOT NULL,
    created_at bigint NOT NULL, PRIMARY KEY (monitor_id, days))`,
];
