import { PERIODS } from '@app/core';
import type { Period } from '@app/core';
import type { SqlQuery } from '../pooled/pool';
import { STATE_COLUMNS, stateValues } from '../pooled/rows';
import type { BeatKey, BucketRow, StateRow } from '../pooled/rows';
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

/** Lists from the n-th parameter on, one per column: the text does not depend on the number of rows. */
const lists = (first: number, ...types: string[]) =>
  `unnest(${types.map((type, i) => `$${first + i}::${type}[]`).join(', ')})`;

/** A bucket with one latency keeps it as the sum alone: most minutes have one beat. */
const ONLY = (row: string, column: string) =>
  `CASE WHEN ${row}.up = 1 THEN ${row}.latency_sum ELSE ${row}.${column} END`;
const merged = (choose: string, column: string) => `CASE WHEN s.up + excluded.up > 1
  THEN ${choose}(${ONLY('s', column)}, ${ONLY('excluded', column)}) END`;

function perPeriod(make: (period: Period) => string): Record<Period, string> {
  return Object.fromEntries(PERIODS.map((period) => [period, make(period)])) as Record<Period, string>;
}

const BEAT_TYPES = ['int', 'int', 'smallint', 'int', 'smallint', 'bigint', 'bigint', 'int', 'int'];
const BEATS = `INSERT INTO heartbeats (monitor_key, second, millisecond, nonce, status, latency, duration, retries,
  down_count, important, notified, message) SELECT * FROM ${lists(1, ...BEAT_TYPES, 'boolean', 'boolean', 'text')}`;

const BUCKET_TYPES = ['int', 'int', 'int', 'int', 'int', 'bigint', 'bigint', 'bigint'];
const addBuckets = (period: Period, first: number) => `INSERT INTO series_${period} AS s (monitor_key, bucket, up, down,
  maintenance, latency_sum, latency_min, latency_max) SELECT * FROM ${lists(first, ...BUCKET_TYPES)}
  ON CONFLICT (monitor_key, bucket) DO UPDATE SET up = s.up + excluded.up, down = s.down + excluded.down,
  maintenance = s.maintenance + excluded.maintenance, latency_sum = s.latency_sum + excluded.latency_sum,
  latency_min = ${merged('LEAST', 'latency_min')}, latency_max = ${merged('GREATEST', 'latency_max')}`;

const STATE_TYPES = ['int', 'smallint', 'bigint', 'int', 'int', 'smallint', 'bigint', 'bigint'];
const saveStates = (first: number) => `UPDATE monitor_states AS s SET status = v.status, time = v.time,
  retries = v.retries, down_count = v.down_count, announced = v.announced, last_push_at = v.last_push_at,
  last_maintenance_at = v.last_maintenance_at FROM ${lists(first, ...STATE_TYPES)}
  AS v (monitor_key, status, time, retries, down_count, announced, last_push_at, last_maintenance_at)
  WHERE s.monitor_key = v.monitor_key`;

/** All tables of a batch in one statement: five fewer ways to the server and back, in which its monitors are locked. */
const STORE = `WITH beats AS (${BEATS}), minutes AS (${addBuckets('minute', 13)}), hours AS (${addBuckets('hour', 21)}),
  days AS (${addBuckets('day', 29)}) ${saveStates(37)}`;

const SERIES = perPeriod(
  (
    period,
  ) => `SELECT bucket, up, down, maintenance, latency_sum, ${ONLY('s', 'latency_min')}, ${ONLY('s', 'latency_max')}
  FROM series_${period} AS s WHERE monitor_key = (SELECT monitor_key FROM monitor_states WHERE monitor_id = $1
  AND time IS NOT NULL) AND bucket >= $2 AND bucket <= $3 ORDER BY bucket`,
);

const DELIVERIES = `INSERT INTO deliveries (id, created_at, updated_at, monitor_id, channel_id, kind, source, text,
  heartbeat, state, attempts, due_at) SELECT id, $1, $1, monitor_id, channel_id, kind, source, text, heartbeat, 'waiting',
  0, $1 FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
  AS v (id, monitor_id, channel_id, kind, source, text, heartbeat) ON CONFLICT DO NOTHING`;

const BEAT_COLUMNS =
  'monitor_key, second * 1000::bigint + millisecond, nonce, status, message, latency, duration, retries, down_count, important, notified';
const KEY = '(SELECT monitor_key FROM monitor_states WHERE monitor_id = $1 AND time IS NOT NULL)';
const beats = (condition: string) => `SELECT ${BEAT_COLUMNS} FROM heartbeats WHERE monitor_key = ${KEY} ${condition}
  ORDER BY second DESC, millisecond DESC, nonce DESC LIMIT $2 OFFSET $3`;

/** One jump per monitor into the primary key. */
const NEWEST = `SELECT m.monitor_id, b.* FROM monitor_states AS m CROSS JOIN LATERAL (SELECT ${BEAT_COLUMNS}
  FROM heartbeats WHERE monitor_key = m.monitor_key ORDER BY second DESC, millisecond DESC, nonce DESC LIMIT $2) AS b
  WHERE m.monitor_id = ANY($1::text[]) AND m.time IS NOT NULL`;

/** What sorts the rows of a table by age. */
const ageOf = (table: string) => (table === 'heartbeats' ? 'second * 1000::bigint + millisecond' : 'bucket');
const orderOf = (table: string) => (table === 'heartbeats' ? 'second, millisecond, nonce' : 'bucket');
/** Condition: older than `v.before`. The first half is what the index answers. */
const isOld = (table: string) =>
  table === 'heartbeats'
    ? 'second <= v.before / 1000 AND (second < v.before / 1000 OR millisecond < v.before % 1000)'
    : 'bucket < v.before';

function beatKeys(keys: readonly BeatKey[]): string[] {
  return [
    numbers(keys.map(({ key }) => key)),
    numbers(keys.map(({ time }) => Math.floor(time / 1000))),
    numbers(keys.map(({ time }) => time - Math.floor(time / 1000) * 1000)),
    numbers(keys.map(({ nonce }) => nonce)),
  ];
}

function bucketValues(rows: readonly BucketRow[]): string[] {
  return [
    numbers(rows.map(({ key }) => key)),
    numbers(rows.map(({ bucket }) => bucket)),
    numbers(rows.map(({ up }) => up)),
    numbers(rows.map(({ down }) => down)),
    numbers(rows.map(({ maintenance }) => maintenance)),
    numbers(rows.map(({ latencySum }) => latencySum)),
    numbers(rows.map(({ up, latencyMin }) => (up === 1 ? null : latencyMin))),
    numbers(rows.map(({ up, latencyMax }) => (up === 1 ? null : latencyMax))),
  ];
}

function stateLists(rows: readonly StateRow[]): string[] {
  const values = rows.map(stateValues);
  return STATE_TYPES.map((_, i) => numbers(values.map((row) => row[i + 1]!))); // all but the id
}

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
      `SELECT h.monitor_key, h.second * 1000::bigint + h.millisecond, h.nonce
        FROM ${lists(1, 'int', 'int', 'smallint', 'int')} AS v (key, second, millisecond, nonce)
        JOIN heartbeats AS h ON h.monitor_key = v.key AND h.second = v.second AND h.millisecond = v.millisecond
        AND h.nonce = v.nonce`,
      ...beatKeys(keys),
    ),
  store: ({ beats, buckets, states }) => [
    query(
      STORE,
      ...beatKeys(beats),
      numbers(beats.map(({ status }) => status)),
      numbers(beats.map(({ latency }) => latency)),
      numbers(beats.map(({ duration }) => duration)),
      numbers(beats.map(({ retries }) => retries)),
      numbers(beats.map(({ downCount }) => downCount)),
      numbers(beats.map(({ important }) => important)),
      numbers(beats.map(({ notified }) => notified)),
      beats.map(({ message }) => message),
      ...PERIODS.flatMap((period) => bucketValues(buckets[period])),
      ...stateLists(states),
    ),
  ],
  saveStates: (rows) => query(saveStates(1), ...stateLists(rows)),
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
  newest: (ids, limit) => query(NEWEST, ids, limit),
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

  async prunable(run, table, after, limit) {
    const rows = await run(
      query(
        `WITH RECURSIVE keys (key, n) AS (
          SELECT (SELECT min(monitor_key) FROM ${table} WHERE monitor_key > $1), 1
          UNION ALL SELECT (SELECT min(monitor_key) FROM ${table} WHERE monitor_key > key), n + 1 FROM keys
          WHERE key IS NOT NULL AND n < $2)
        SELECT key, (SELECT ${ageOf(table)} FROM ${table} WHERE monitor_key = key ORDER BY ${orderOf(table)} LIMIT 1),
          EXISTS (SELECT 1 FROM monitor_states WHERE monitor_key = key) FROM keys WHERE key IS NOT NULL`,
        after,
        limit,
      ),
    );
    const keys = (rows as [number, number | null, boolean][]).map(([key, oldest, exists]) => ({ key, oldest, exists }));
    return { keys, next: keys.length < limit ? null : keys.at(-1)!.key };
  },
  prune: (table, stretches, limit) => [
    query(
      `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT old.ctid FROM unnest($1::int[], $2::bigint[]) AS v (key, before)
        CROSS JOIN LATERAL (SELECT ctid FROM ${table} WHERE monitor_key = v.key AND ${isOld(table)}
        ORDER BY ${orderOf(table)} LIMIT $3) AS old LIMIT $3))`,
      numbers(stretches.map(({ key }) => key)),
      numbers(stretches.map(({ before }) => before)),
      limit,
    ),
  ],
};
