// Databases of the storage case: one for each measurement, on the servers of the tests.
import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import mongoose from 'mongoose';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { VARIABLES } from '../../support/servers/index.mjs';

/** @returns {Promise<{ engine: string, url: string, env: Record<string, string>, drop(): Promise<void> }>} */
export async function createBenchDatabase(engine, folder) {
  if (engine === 'sqlite') {
    const file = path.join(folder, 'bench.db');
    return { engine, url: file, env: { DB_TYPE: engine, DB_NAME: file }, drop: async () => {} };
  }
  const admin = process.env[VARIABLES[engine]];
  const name = `bench_${randomBytes(5).toString('hex')}`;
  if (engine !== 'mongo') await query(engine, admin, `CREATE DATABASE ${name}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  const { hostname, port, username, password } = url;
  const credentials = username ? { DB_USER: username, DB_PASS: decodeURIComponent(password) } : {};
  return {
    engine,
    url: url.href,
    env: { DB_TYPE: engine, DB_HOST: hostname, DB_PORT: port, DB_NAME: name, ...credentials },
    drop: () =>
      engine === 'mongo' ? onMongo(url.href, (db) => db.dropDatabase()) : query(engine, admin, `DROP DATABASE ${name}`),
  };
}

/** Bytes that the database takes, once everything is written. */
export async function sizeOf({ engine, url }) {
  switch (engine) {
    case 'sqlite':
      return [url, `${url}-wal`].reduce((sum, file) => sum + (existsSync(file) ? statSync(file).size : 0), 0);
    case 'postgres': {
      const [row] = await query(engine, url, 'SELECT pg_database_size(current_database()) AS n');
      return Number(row.n);
    }
    case 'mysql': {
      const [{ version }] = await query(engine, url, 'SELECT VERSION() AS version');
      const spaces = version.includes('MariaDB') ? 'innodb_sys_tablespaces' : 'innodb_tablespaces';
      const sql = `SELECT SUM(file_size) AS n FROM information_schema.${spaces} WHERE name LIKE CONCAT(DATABASE(), '/%')`;
      const [row] = await query(engine, url, sql);
      return Number(row.n);
    }
    default:
      return onMongo(url, async (db) => (await db.stats()).storageSize);
  }
}

async function query(engine, url, sql) {
  if (engine === 'postgres') {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client
      .query(sql)
      .then(({ rows }) => rows)
      .finally(() => client.end());
  }
  const connection = await createConnection(url);
  return connection
    .query(sql)
    .then(([rows]) => rows)
    .finally(() => connection.end());
}

async function onMongo(url, work) {
  const client = await mongoose.mongo.MongoClient.connect(url);
  return work(client.db()).finally(() => client.close());
}
