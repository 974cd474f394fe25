import { PERIODS } from '@app/core';
import type { Period } from '@app/core';
import type { SqlQuery } from '../pooled/pool';
import { STATE_COLUMNS, stateValues } from '../pooled/rows';
import type { TimelineSql } from '../pooled/timeline-sql';

type Value = string | number | boolean | null;

/** A list of numbers, flags or nulls as PostgreSQL writes it: quicker than the driver, which quotes every item. */
function numbers(values: readonly Value[]): string {
  let text = '{';
  for (let i = 0; i < values.length; i++) {
    if (i > 0) text += ',';
    text += String(values[i]); // null is `null`, which is NULL to PostgreSQL in any letter case
  }
  return `${text}}`;
}

const query = (text: string, ...values: unknown[]): SqlQuery => ({ text, values, prepare: true });

/** One list per column, `unnest` puts them together: the text does not depend on the number of rows. */
const BEATS = `INSERT INTO heartbeats (monitor_key, time, nonce, status, latency, duration, retries, down_count, important,
  notified, message) SELECT * FROM unnest($1::int[], $2::bigint[], $3::int[], $4::smallint[], $5::bigint[],
  $6::bigint[], $7::int[], $8::int[], $9::boolean[], $10::boolean[], $11::text[])`;

/** A bucket with one latency keeps it as the sum alone: most minutes have one beat. */
const ONLY = (row: string, column: string) =>
  `CASE WHEN ${row}.up = 1 THEN ${row}.latency_sum ELSE ${row}.${column} END`;
const merged = (choose: string, column: string) => `CASE WHEN s.up + excluded.up > 1
  THEN ${choose}(${ONLY('s', column)}, ${ONLY('excluded', column)}) END`;

function perPeriod(make: (period: Period) => string): Record<Period, string> {
  return Object.fromEntries(PERIODS.map((period) => [period, make(period)])) as Record<Period, string>;
}

const BUCKETS = perPeriod(
  (period) => `INSERT INTO series_${period} AS s (monitor_key, bucket, up, down, maintenance, latency_sum, latency_min,
  latency_max) SELECT * FROM unnest($1::int[], $2::int[], $3::int[], $4::int[], $5::int[], $6::bigint[], $7::bigint[],
  $8::bigint[]) ON CONFLICT (monitor_key, bucket) DO UPDATE SET up = s.up + excluded.up, down = s.down + excluded.down,
  maintenance = s.maintenance + excluded.maintenance, latency_sum = s.latency_sum + excluded.latency_sum,
  latency_min = ${merged('LEAST', 'latency_min')}, latency_max = ${merged('GREATEST', 'latency_max')}`,
);

const SERIES = perPeriod(
  (
    period,
  ) => `SELECT bucket, up, down, maintenance, latency_sum, ${ONLY('s', 'latency_min')}, ${ONLY('s', 'latency_max')}
  FROM series_${period} AS s WHERE monitor_key = (SELECT monitor_key FROM monitor_states WHERE monitor_id = $1
  AND time IS NOT NULL) AND bucket >= $2 AND bucket <= $3 ORDER BY bucket`,
);

const SAVE_STATES = `UPDATE monitor_states AS s SET status = v.status, time = v.time, retries = v.retries,
  down_count = v.down_count, announced = v.announced, last_push_at = v.last_push_at,
  last_maintenance_at = v.last_maintenance_at
  FROM unnest($1::int[], $2::smallint[], $3::bigint[], $4::int[], $5::int[], $6::smallint[], $7::bigint[], $8::bigint[])
  AS v (monitor_key, status, time, retries, down_count, announced, last_push_at, last_maintenance_at)
  WHERE s.monitor_key = v.monitor_key`;

const DELIVERIES = `INSERT INTO deliveries (id, created_at, updated_at, monitor_id, channel_id, kind, source, text,
  heartbeat, state, attempts, due_at) SELECT id, $1, $1, monitor_id, channel_id, kind, source, text, heartbeat, 'waiting',
  0, $1 FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
  AS v (id, monitor_id, channel_id, kind, source, text, heartbeat) ON CONFLICT DO NOTHING`;

const BEAT_COLUMNS =
  'monitor_key, time, nonce, status, message, latency, duration, retries, down_count, important, notified';
const KEY = '(SELECT monitor_key FROM monitor_states WHERE monitor_id = $1 AND time IS NOT NULL)';
const beats = (condition: string) => `SELECT ${BEAT_COLUMNS} FROM heartbeats WHERE monitor_key = ${KEY} ${condition}
  ORDER BY time DESC, nonce DESC LIMIT $2 OFFSET $3`;

const columnOf = (table: string) => (table === 'heartbeats' ? 'time' : 'bucket');
const orderOf = (table: string) => (table === 'heartbeats' ? 'time, nonce' : 'bucket');

export const postgresTimelineSql: TimelineSql = {
  lockStates: (ids) =>
    query(
      `SELECT ${STATE_COLUMNS} FROM monitor_states WHERE monitor_id = ANY($1::text[]) ORDER BY monitor_id
        FOR NO KEY UPDATE`,
      ids,
    ),
  lockMonitors: (ids) => query('SELECT id FROM monitors WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE', ids),
  insertStates: (ids) =>
    query(
      `INSERT INTO monitor_states (monitor_id) SELECT id FROM monitors WHERE id = ANY($1::text[]) ORDER BY id
        ON CONFLICT DO NOTHING`,
      ids,
    ),
  storedBeats: (keys) =>
    query(
      `SELECT h.monitor_key, h.time, h.nonce FROM unnest($1::int[], $2::bigint[], $3::int[]) AS v (key, time, nonce)
        JOIN heartbeats AS h ON h.monitor_key = v.key AND h.time = v.time AND h.nonce = v.nonce`,
      numbers(keys.map(({ key }) => key)),
      numbers(keys.map(({ time }) => time)),
      numbers(keys.map(({ nonce }) => nonce)),
    ),
  insertBeats: (rows) =>
    query(
      BEATS,
      numbers(rows.map(({ key }) => key)),
      numbers(rows.map(({ time }) => time)),
      numbers(rows.map(({ nonce }) => nonce)),
      numbers(rows.map(({ status }) => status)),
      numbers(rows.map(({ latency }) => latency)),
      numbers(rows.map(({ duration }) => duration)),
      numbers(rows.map(({ retries }) => retries)),
      numbers(rows.map(({ downCount }) => downCount)),
      numbers(rows.map(({ important }) => important)),
      numbers(rows.map(({ notified }) => notified)),
      rows.map(({ message }) => message),
    ),
  addBuckets: (period, rows) =>
    query(
      BUCKETS[period],
      numbers(rows.map(({ key }) => key)),
      numbers(rows.map(({ bucket }) => bucket)),
      numbers(rows.map(({ up }) => up)),
      numbers(rows.map(({ down }) => down)),
      numbers(rows.map(({ maintenance }) => maintenance)),
      numbers(rows.map(({ latencySum }) => latencySum)),
      numbers(rows.map(({ up, latencyMin }) => (up === 1 ? null : latencyMin))),
      numbers(rows.map(({ up, latencyMax }) => (up === 1 ? null : latencyMax))),
    ),
  saveStates(rows) {
    const values = rows.map(stateValues);
    return query(SAVE_STATES, ...[1, 2, 3, 4, 5, 6, 7, 8].map((column) => numbers(values.map((row) => row[column]!))));
  },
  saveStatuses: (statuses) =>
    query(
      `UPDATE monitors AS m SET status = v.status FROM unnest($1::text[], $2::bigint[]) AS v (id, status)
        WHERE m.id = v.id`,
      [...statuses.keys()],
      numbers([...statuses.values()]),
    ),
  deleteState: (id) => query('DELETE FROM monitor_states WHERE monitor_id = $1', id),

  certificates: (ids) =>
    query(
      `SELECT m.id, m.name, encode(sha256(convert_to(c.document, 'UTF8')), 'hex'), c.fingerprint FROM monitors AS m
        LEFT JOIN certificates AS c ON c.monitor_id = m.id WHERE m.id = ANY($1::text[])`,
      ids,
    ),
  notices: (ids) => query('SELECT monitor_id, days FROM certificate_notices WHERE monitor_id = ANY($1::text[])', ids),
  saveCertificates: (rows, now) =>
    query(
      `INSERT INTO certificates (monitor_id, document, fingerprint, updated_at)
        SELECT monitor_id, document, fingerprint, $1 FROM unnest($2::text[], $3::text[], $4::text[])
        AS v (monitor_id, document, fingerprint) ON CONFLICT (monitor_id) DO UPDATE SET document = excluded.document,
        fingerprint = excluded.fingerprint, updated_at = excluded.updated_at`,
      now,
      rows.map(({ monitorId }) => monitorId),
      rows.map(({ document }) => document),
      rows.map(({ fingerprint }) => fingerprint),
    ),
  clearNotices: (ids) => query('DELETE FROM certificate_notices WHERE monitor_id = ANY($1::text[])', ids),
  addNotices: (rows, now) =>
    query(
      `INSERT INTO certificate_notices (monitor_id, days, created_at) SELECT monitor_id, days, $1
        FROM unnest($2::text[], $3::int[]) AS v (monitor_id, days) ON CONFLICT DO NOTHING`,
      now,
      rows.map(({ monitorId }) => monitorId),
      numbers(rows.map(({ days }) => days)),
    ),
  deleteCertificate: (id) => query('DELETE FROM certificates WHERE monitor_id = $1', id),

  channels: (ids) =>
    query(
      `SELECT l.monitor_id, c.id FROM monitor_notifications AS l JOIN notification_channels AS c ON c.id = l.channel_id
        WHERE l.monitor_id = ANY($1::text[]) AND c.active = 1 ORDER BY l.monitor_id, l.position`,
      ids,
    ),
  addDeliveries: (rows, now) =>
    query(
      DELIVERIES,
      now,
      ...(['id', 'monitorId', 'channelId', 'kind', 'source', 'text', 'heartbeat'] as const).map((column) =>
        rows.map((row) => row[column]),
      ),
    ),

  states: (ids) =>
    query(`SELECT ${STATE_COLUMNS} FROM monitor_states WHERE monitor_id = ANY($1::text[]) AND time IS NOT NULL`, ids),
  beats: (id, { limit, offset = 0, important }) =>
    query(beats(important === undefined ? '' : important ? 'AND important' : 'AND NOT important'), id, limit, offset),
  series: (id, period, from, to) => query(SERIES[period], id, from, to),
  sums: (ids, ranges) => ({
    text: ranges
      .map(
        ({ period }, i) => `SELECT ${i}, m.monitor_id, sum(s.up)::bigint, sum(s.down)::bigint FROM monitor_states AS m
          JOIN series_${period} AS s ON s.monitor_key = m.monitor_key AND s.bucket >= $${2 * i + 2}
          AND s.bucket < $${2 * i + 3} WHERE m.monitor_id = ANY($1::text[]) GROUP BY m.monitor_id`,
      )
      .join(' UNION ALL '),
    values: [ids, ...ranges.flatMap(({ from, to }) => [from, to])],
    prepare: true,
  }),
  certificate: (id) => query('SELECT document FROM certificates WHERE monitor_id = $1', id),

  prunable: (table, after, limit) =>
    query(
      `WITH RECURSIVE keys (key, n) AS (
        SELECT (SELECT min(monitor_key) FROM ${table} WHERE monitor_key > $1), 1
        UNION ALL SELECT (SELECT min(monitor_key) FROM ${table} WHERE monitor_key > key), n + 1 FROM keys
        WHERE key IS NOT NULL AND n < $2)
      SELECT key, (SELECT min(${columnOf(table)}) FROM ${table} WHERE monitor_key = key),
        EXISTS (SELECT 1 FROM monitor_states WHERE monitor_key = key) FROM keys WHERE key IS NOT NULL`,
      after,
      limit,
    ),
  prune: (table, stretches, limit) => [
    query(
      `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT old.ctid FROM unnest($1::int[], $2::bigint[]) AS v (key, before)
        CROSS JOIN LATERAL (SELECT ctid FROM ${table} WHERE monitor_key = v.key AND ${columnOf(table)} < v.before
        ORDER BY ${orderOf(table)} LIMIT $3) AS old LIMIT $3))`,
      numbers(stretches.map(({ key }) => key)),
      numbers(stretches.map(({ before }) => before)),
      limit,
    ),
  ],
};
