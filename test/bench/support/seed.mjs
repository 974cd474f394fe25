// Databases with thousands of monitors and millions of heartbeats, written straight into the migrated schema.
import { copyFileSync, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { tempFolder } from './processes.mjs';
import { signIn, startServer } from './server.mjs';

const MINUTE = 60_000;
const PERIODS = { minute: MINUTE, hour: 60 * MINUTE, day: 1440 * MINUTE };

let cache;

/** Made at most once per run. @param {string} name @param {(file: string) => Promise<void> | void} make */
async function cached(name, make) {
  cache ??= tempFolder();
  const file = path.join(cache, `${name}.db`);
  if (!existsSync(file)) await make(file);
  return file;
}

/** A copy that the caller may write to. */
function copyOf(file) {
  const copy = path.join(tempFolder(), 'peekaping.db');
  copyFileSync(file, copy);
  return copy;
}

/** Runs `work` on the file, and leaves no journal behind. */
export function edit(file, work) {
  const db = new Database(file);
  try {
    return work(db);
  } finally {
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
  }
}

/** An empty database with one account, as our own server makes it. */
async function migrated() {
  return cached('empty', async (file) => {
    const server = await startServer(file);
    await signIn(server, 'register');
    await server.stop();
    edit(file, () => undefined);
  });
}

/**
 * A database of the caller's own.
 * @param {MonitorPlan} [plan]
 */
export async function databaseWith(plan) {
  const file = copyOf(await migrated());
  if (plan) edit(file, (db) => insertMonitors(db, plan));
  return file;
}

/**
 * A database with a history of one beat a minute until now, shared by all who ask for the same. Its monitors are
 * paused, so that nothing but the requests is measured.
 * @param {{ monitors: number, beatsPerMonitor: number, log: (line: string) => void }} options
 */
export async function databaseWithHistory({ monitors, beatsPerMonitor, log }) {
  return cached(`history-${monitors}-${beatsPerMonitor}`, async (file) => {
    const startedAt = performance.now();
    copyFileSync(await migrated(), file);
    edit(file, (db) => {
      db.pragma('journal_mode = OFF');
      db.pragma('synchronous = OFF');
      db.pragma('cache_size = -200000');
      insertMonitors(db, { count: monitors, type: 'http', interval: 60, active: false });
      insertHistory(db, beatsPerMonitor, Date.now());
      db.pragma('journal_mode = WAL');
    });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    const size = (statSync(file).size / 2 ** 20).toFixed(0);
    log(`  made ${(monitors * beatsPerMonitor).toLocaleString('en')} heartbeats in ${seconds} s, ${size} MiB`);
  });
}

/** A writable copy of the same, with active monitors that are not due during a run. */
export async function activeDatabaseWithHistory(options) {
  const file = copyOf(await databaseWithHistory(options));
  edit(file, (db) => db.exec('UPDATE monitors SET active = 1, interval = 86400'));
  return file;
}

/**
 * @typedef {object} MonitorPlan
 * @property {number} count
 * @property {string} type
 * @property {number} interval seconds
 * @property {boolean} [active]
 * @property {string} [target] URL of `http` monitors
 */

/** @param {import('better-sqlite3').Database} db @param {MonitorPlan} plan */
function insertMonitors(db, { count, type, interval, active = true, target = 'http://127.0.0.1:9/' }) {
  const insert =
    db.prepare(`INSERT INTO monitors (id, created_at, updated_at, type, name, name_folded, interval, timeout,
    max_retries, retry_interval, resend_interval, active, status, config, push_token, active_since)
    VALUES (?, ?, ?, ?, ?, ?, ?, 16, 2, ?, 0, ?, 1, ?, ?, ?)`);
  const config = type === 'push' ? '{}' : httpConfig(target);
  const now = Date.now() - count;
  db.transaction(() => {
    for (let i = 0; i < count; i++) {
      const at = now + i;
      const name = `Monitor ${i}`;
      const token = type === 'push' ? pushToken(i) : null;
      const folded = name.toLowerCase();
      insert.run(monitorId(at, i), at, at, type, name, folded, interval, interval, active ? 1 : 0, config, token, at);
    }
  })();
}

/** As the web client writes it. */
function httpConfig(url) {
  return JSON.stringify({
    url,
    method: 'GET',
    headers: '{ "Content-Type": "application/json" }',
    encoding: 'json',
    body: '',
    accepted_statuscodes: ['2XX'],
    max_redirects: 10,
    ignore_tls_errors: false,
    check_cert_expiry: true,
    authMethod: 'none',
  });
}

/** UUID v7 of a number: the same every time, evenly spread by its last bits like a random one. */
function monitorId(ms, index) {
  const time = ms.toString(16).padStart(12, '0');
  const tail = (BigInt(index + 1) * 0x9e3779b97f4a7c15n).toString(16).slice(-15).padStart(15, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-8${tail.slice(3, 6)}-${tail.slice(6)}000`;
}

/** Token of the push monitor with this number. */
export function pushToken(index) {
  return `bench-push-${index}`;
}

/** One down beat in a thousand, the others up with a latency of 10 to 59 ms; the series are what the beats add up to. */
function insertHistory(db, beatsPerMonitor, now) {
  db.exec('INSERT INTO monitor_states (monitor_id, status) SELECT id, 1 FROM monitors ORDER BY id');
  const beats = db.prepare(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < @beats - 1)
    INSERT INTO heartbeats (monitor_key, time, nonce, status, latency, duration, retries, down_count, important, notified,
    message) SELECT @key, @from + i * ${MINUTE}, 0, i % 1000 <> 999, 10 + i * 7 % 50, 10 + i * 7 % 50, 0, 0,
    i % 1000 = 999, 0, iif(i % 1000 = 999, 'connect ECONNREFUSED 127.0.0.1:9', '200 - OK') FROM n`);
  const series = Object.entries(PERIODS).map(([name, length]) =>
    db.prepare(`INSERT INTO series_${name} (monitor_key, start, up, down, maintenance, latency_sum, latency_min,
      latency_max) SELECT monitor_key, time / ${length} * ${length} AS start, SUM(status = 1), SUM(status = 0), 0,
      SUM(iif(status = 1, latency, 0)), MIN(iif(status = 1, latency, NULL)), MAX(iif(status = 1, latency, NULL))
      FROM heartbeats WHERE monitor_key = ? GROUP BY start`),
  );
  const state = db.prepare('UPDATE monitor_states SET time = ? WHERE monitor_key = ?');
  const from = now - beatsPerMonitor * MINUTE;
  const keys = db.prepare('SELECT monitor_key FROM monitor_states ORDER BY monitor_key').pluck().all();
  db.transaction(() => {
    for (const key of keys) {
      beats.run({ key, from, beats: beatsPerMonitor });
      state.run(from + (beatsPerMonitor - 1) * MINUTE, key);
    }
    for (const one of series) for (const key of keys) one.run(key);
  })();
}
