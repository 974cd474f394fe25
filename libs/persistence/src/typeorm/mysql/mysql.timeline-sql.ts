import { PERIODS } from '@app/core';
import type { Period } from '@app/core';
import type { SqlQuery } from '../pooled/pool';
import { STATE_COLUMNS, stateValues } from '../pooled/rows';
import type { BeatRow, BucketRange, BucketRow, StateRow } from '../pooled/rows';
import type { PrunedTable, RunQuery, TimelineSql } from '../pooled/timeline-sql';

const query = (text: string, ...values: unknown[]): SqlQuery => ({ text, values });

const marks = (count: number) => `(${'?, '.repeat(count - 1)}?)`;
const list = (values: readonly unknown[]) => marks(values.length);

/** One way to the server and back instead of one each, in which the monitors are locked: half of what a batch costs. */
function together(queries: readonly SqlQuery[]): SqlQuery {
  return { text: queries.map(({ text }) => text).join('; '), values: queries.flatMap(({ values = [] }) => values) };
}

type Value = string | number | boolean | null;

/**
 * `INSERT … VALUES (…), (…) …`. Numbers are written out, texts are bound: the driver looks for every mark and puts its
 * value there, which costs more than the whole statement when there are a thousand.
 */
function insert(table: string, columns: string, rows: readonly (readonly Value[])[], rest = ''): SqlQuery {
  const values: string[] = [];
  let text = `INSERT INTO ${table} (${columns}) VALUES `;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    text += i === 0 ? '(' : ',(';
    for (let j = 0; j < row.length; j++) {
      const value = row[j]!;
      if (j > 0) text += ',';
      if (typeof value === 'string') {
        values.push(value);
        text += '?';
      } else text += typeof value === 'number' ? digits(value) : `${value}`;
    }
    text += ')';
  }
  return { text: `${text} ${rest}`, values };
}

/** @throws RangeError for what is no finite number: it would become part of the statement. */
function digits(value: number): string {
  if (value - value !== 0) throw new RangeError(`${value} is not a number to store`);
  return `${value}`;
}

const BEAT_COLUMNS =
  'monitor_key, time, nonce, status, message, latency, duration, retries, down_count, important, notified';
const BEATS = BEAT_COLUMNS.replace(/\w+/g, 'b.$&');
const BUCKET_COLUMNS = 'bucket, up, down, maintenance, latency_sum, latency_min, latency_max';
const KEY = '(SELECT monitor_key FROM monitor_states WHERE monitor_id = ? AND time IS NOT NULL)';

/** `LEAST` and `GREATEST` are null when one of the two is. */
const merged = (choose: string, column: string) =>
  `${column} = COALESCE(${choose}(${column}, VALUES(${column})), ${column}, VALUES(${column}))`;
const added = (column: string) => `${column} = ${column} + VALUES(${column})`;
const ADD_BUCKETS = `ON DUPLICATE KEY UPDATE ${['up', 'down', 'maintenance', 'latency_sum'].map(added).join(', ')},
  ${merged('LEAST', 'latency_min')}, ${merged('GREATEST', 'latency_max')}`;

const replaced = (...columns: string[]) =>
  `ON DUPLICATE KEY UPDATE ${columns.map((column) => `${column} = VALUES(${column})`).join(', ')}`;
const SAVE_STATE = replaced(
  ...['status', 'time', 'retries', 'down_count', 'announced', 'last_push_at', 'last_maintenance_at'],
);

/** INT UNSIGNED. */
const LAST_KEY = 2 ** 32 - 1;
/** Of one look; the others are found when those are gone. */
const MOST_ORPHANS = 500;

const columnOf = (table: string) => (table === 'heartbeats' ? 'time' : 'bucket');
const orderOf = (table: string) => (table === 'heartbeats' ? 'time, nonce' : 'bucket');

/**
 * Named indexes where a plan of the optimizer would cost more than time: a scan locks rows of monitors that are not
 * in the batch, and in another order. Numbers of rows are written out: a bound LIMIT has to be an integer, and the
 * driver has only one kind of number.
 */
export const mysqlTimelineSql: TimelineSql = {
  lockStates: (ids) =>
    query(
      `SELECT ${STATE_COLUMNS} FROM monitor_states FORCE INDEX (monitor_states_monitor_id_idx)
        WHERE monitor_id IN ${list(ids)} ORDER BY monitor_id FOR UPDATE`,
      ...ids,
    ),
  lockMonitors: (ids) =>
    query(`SELECT id FROM monitors FORCE INDEX (PRIMARY) WHERE id IN ${list(ids)} ORDER BY id FOR UPDATE`, ...ids),
  // Not INSERT … SELECT, which would lock the counter of the keys for as long as it runs: two of those can deadlock.
  insertStates: (ids) =>
    insert(
      'monitor_states',
      'monitor_id',
      ids.map((id) => [id]),
      'ON DUPLICATE KEY UPDATE retries = retries',
    ),
  storedBeats: (keys) =>
    query(
      `SELECT monitor_key, time, nonce FROM heartbeats WHERE (monitor_key, time, nonce) IN (${keys
        .map(() => marks(3))
        .join(', ')})`,
      ...keys.flatMap(({ key, time, nonce }) => [key, time, nonce]),
    ),
  store: ({ beats, buckets, states }) => [
    together([
      insertBeats(beats),
      ...insertImportant(beats.filter(({ important }) => important)),
      ...PERIODS.map((period) => addBuckets(period, buckets[period])),
      saveStates(states),
    ]),
  ],
  saveStates,
  saveStatuses(statuses) {
    const ids = new Map<number, string[]>();
    for (const [id, status] of statuses) ids.set(status, [...(ids.get(status) ?? []), id]);
    const cases = [...ids].map(([, group]) => `WHEN id IN ${list(group)} THEN ?`);
    return query(
      `UPDATE monitors FORCE INDEX (PRIMARY) SET status = CASE ${cases.join(' ')} END
        WHERE id IN ${marks(statuses.size)}`,
      ...[...ids].flatMap(([status, group]) => [...group, status]),
      ...statuses.keys(),
    );
  },
  deleteState: (id) => query('DELETE FROM monitor_states WHERE monitor_id = ?', id),

  certificates: (ids) =>
    query(
      `SELECT m.id, m.name, SHA2(c.document, 256), c.fingerprint FROM monitors AS m
        LEFT JOIN certificates AS c ON c.monitor_id = m.id WHERE m.id IN ${list(ids)}`,
      ...ids,
    ),
  notices: (ids) => query(`SELECT monitor_id, days FROM certificate_notices WHERE monitor_id IN ${list(ids)}`, ...ids),
  saveCertificates: (rows, now) =>
    insert(
      'certificates',
      'monitor_id, document, fingerprint, updated_at',
      rows.map(({ monitorId, document, fingerprint }) => [monitorId, document, fingerprint, now]),
      replaced('document', 'fingerprint', 'updated_at'),
    ),
  clearNotices: (ids) => query(`DELETE FROM certificate_notices WHERE monitor_id IN ${list(ids)}`, ...ids),
  addNotices: (rows, now) =>
    insert(
      'certificate_notices',
      'monitor_id, days, created_at',
      rows.map(({ monitorId, days }) => [monitorId, days, now]),
      'ON DUPLICATE KEY UPDATE days = days',
    ),
  deleteCertificate: (id) => query('DELETE FROM certificates WHERE monitor_id = ?', id),

  channels: (ids) =>
    query(
      `SELECT l.monitor_id, c.id FROM monitor_notifications AS l JOIN notification_channels AS c ON c.id = l.channel_id
        WHERE l.monitor_id IN ${list(ids)} AND c.active = 1 ORDER BY l.monitor_id, l.position`,
      ...ids,
    ),
  addDeliveries: (rows, now) =>
    insert(
      'deliveries',
      'id, created_at, updated_at, monitor_id, channel_id, kind, source, text, heartbeat, state, attempts, due_at',
      rows.map((row) => [
        ...[row.id, now, now, row.monitorId, row.channelId, row.kind, row.source, row.text, row.heartbeat],
        ...['waiting', 0, now],
      ]),
      'ON DUPLICATE KEY UPDATE id = deliveries.id',
    ),

  states: (ids) =>
    query(`SELECT ${STATE_COLUMNS} FROM monitor_states WHERE monitor_id IN ${list(ids)} AND time IS NOT NULL`, ...ids),
  beats(id, { limit, offset = 0, important }) {
    const page = `ORDER BY b.time DESC, b.nonce DESC LIMIT ${count(limit)} OFFSET ${count(offset)}`;
    const beats = `heartbeats AS b FORCE INDEX (PRIMARY) WHERE b.monitor_key = ${KEY}`;
    if (important === undefined) return query(`SELECT ${BEATS} FROM ${beats} ${page}`, id);
    if (!important) return query(`SELECT ${BEATS} FROM ${beats} AND b.important = 0 ${page}`, id);
    return query(
      `SELECT ${BEATS} FROM important_heartbeats AS i STRAIGHT_JOIN heartbeats AS b ON b.monitor_key = i.monitor_key
        AND b.time = i.time AND b.nonce = i.nonce WHERE i.monitor_key = ${KEY} ${page.replaceAll('b.', 'i.')}`,
      id,
    );
  },
  // MariaDB has no LATERAL, so each monitor is a part of its own.
  newest: (ids, limit) =>
    query(
      [...new Set(ids)]
        .map(
          () => `(SELECT ? AS monitor_id, ${BEATS} FROM heartbeats AS b FORCE INDEX (PRIMARY) WHERE b.monitor_key = ${KEY}
            ORDER BY b.time DESC, b.nonce DESC LIMIT ${count(limit)})`,
        )
        .join(' UNION ALL '),
      ...[...new Set(ids)].flatMap((id) => [id, id]),
    ),
  series: (id, period, from, to) =>
    query(
      `SELECT ${BUCKET_COLUMNS} FROM series_${period} WHERE monitor_key = ${KEY} AND bucket >= ? AND bucket <= ?
        ORDER BY bucket`,
      ...[id, from, to],
    ),
  sums: (ids, ranges) => ({
    text: ranges.map(({ period }, i) => sumsOf(period, i, ids.length)).join(' UNION ALL '),
    values: ranges.flatMap(({ from, to }: BucketRange) => [from, to, ...ids]),
  }),
  certificate: (id) => query('SELECT document FROM certificates WHERE monitor_id = ?', id),

  async prunable(run, table, after, limit) {
    const rows = await run(
      query(
        `SELECT s.monitor_key, (SELECT ${columnOf(table)} FROM ${table} WHERE monitor_key = s.monitor_key
          ORDER BY ${orderOf(table)} LIMIT 1) FROM monitor_states AS s WHERE s.monitor_key > ${count(after)}
          ORDER BY s.monitor_key LIMIT ${count(limit)}`,
      ),
    );
    const keys = (rows as [number, number | null][]).map(([key, oldest]) => ({ key, oldest, exists: true }));
    const next = keys.length < limit ? null : keys.at(-1)!.key;
    const orphans = await orphansOf(run, table, gapsBetween([after, ...keys.map(({ key }) => key)], next === null));
    return { keys: [...keys, ...orphans.map((key) => ({ key, oldest: -Infinity, exists: false }))], next };
  },
  prune: (table, stretches, limit) =>
    stretches.flatMap(({ key, before }) => {
      const oldest = (from: string) =>
        query(
          `DELETE FROM ${from} WHERE monitor_key = ? AND ${columnOf(table)} < ? ORDER BY ${orderOf(table)}
            LIMIT ${count(limit)}`,
          ...[key, before],
        );
      return table === 'heartbeats' ? [oldest('important_heartbeats'), oldest(table)] : [oldest(table)];
    }),
};

function insertBeats(rows: readonly BeatRow[]): SqlQuery {
  return insert(
    'heartbeats',
    BEAT_COLUMNS,
    rows.map((row) => [
      ...[row.key, row.time, row.nonce, row.status, row.message, row.latency, row.duration, row.retries],
      ...[row.downCount, row.important, row.notified],
    ]),
  );
}

function insertImportant(rows: readonly BeatRow[]): SqlQuery[] {
  if (rows.length === 0) return [];
  const keys = rows.map(({ key, time, nonce }) => [key, time, nonce]);
  return [insert('important_heartbeats', 'monitor_key, time, nonce', keys)];
}

function addBuckets(period: Period, rows: readonly BucketRow[]): SqlQuery {
  return insert(
    `series_${period}`,
    `monitor_key, ${BUCKET_COLUMNS}`,
    rows.map((row) => [
      ...[row.key, row.bucket, row.up, row.down, row.maintenance],
      ...[row.latencySum, row.latencyMin, row.latencyMax],
    ]),
    ADD_BUCKETS,
  );
}

function saveStates(rows: readonly StateRow[]): SqlQuery {
  return insert('monitor_states', STATE_COLUMNS, rows.map(stateValues), SAVE_STATE);
}

function sumsOf(period: Period, index: number, monitors: number): string {
  return `SELECT ${index}, m.monitor_id, CAST(SUM(s.up) AS SIGNED), CAST(SUM(s.down) AS SIGNED) FROM monitor_states AS m
    JOIN series_${period} AS s ON s.monitor_key = m.monitor_key AND s.bucket >= ? AND s.bucket < ?
    WHERE m.monitor_id IN ${marks(monitors)} GROUP BY m.monitor_id`;
}

type Gap = readonly [after: number, before: number];

/** Where keys without a monitor may be. */
function gapsBetween(keys: readonly number[], toTheEnd: boolean): Gap[] {
  const ends = toTheEnd ? [...keys.slice(1), LAST_KEY + 1] : keys.slice(1);
  return ends.flatMap((end, i): Gap[] => (end - keys[i]! > 1 ? [[keys[i]!, end]] : []));
}

/** Keys in these gaps that have rows, found by one jump each: MySQL makes none when the bounds come from a row. */
async function orphansOf(run: RunQuery, table: PrunedTable, gaps: Gap[]): Promise<number[]> {
  const orphans: number[] = [];
  while (gaps.length > 0 && orphans.length < MOST_ORPHANS) {
    const firsts = gaps.map(
      ([after, before], i) =>
        `SELECT ${i}, MIN(monitor_key) FROM ${table} WHERE monitor_key > ${count(after)} AND monitor_key < ${count(before)}`,
    );
    const rows = (await run(query(firsts.join(' UNION ALL ')))) as [number, number | null][];
    gaps = rows.flatMap(([i, key]): Gap[] => {
      if (key === null) return [];
      orphans.push(key);
      return [[key, gaps[i]![1]]];
    });
  }
  return orphans;
}

/** @throws RangeError for what is no count: it would become part of the statement. */
function count(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not a number of rows`);
  return value;
}
