// The least that storing heartbeats can cost: the same rows into a table of the same form, by the driver alone.
import type { DatabaseType } from '@app/core';
import { connect } from './storage-sql';

const COPY: Record<Exclude<DatabaseType, 'mongo'>, (definition: string) => string> = {
  sqlite: (definition) => definition.replace('TABLE heartbeats', 'TABLE bare_heartbeats'),
  postgres: () => 'CREATE TABLE bare_heartbeats (LIKE heartbeats INCLUDING ALL)',
  mysql: () => 'CREATE TABLE bare_heartbeats LIKE heartbeats',
};

/** @returns heartbeats in a second, in statements of `batch` rows each of which is a transaction */
export async function bareTable(engine: DatabaseType, url: string, batch: number, limit: number): Promise<number> {
  return engine === 'mongo' ? bareMongo(url, batch, limit) : bareSql(engine, url, batch, limit);
}

async function bareSql(
  engine: Exclude<DatabaseType, 'mongo'>,
  url: string,
  batch: number,
  limit: number,
): Promise<number> {
  const { run, close } = await connect(engine, url);
  const time = engine === 'postgres' ? 'second, millisecond' : 'time';
  const rows = await run(`SELECT * FROM heartbeats ORDER BY ${time} LIMIT ${limit}`);
  const [definition] = engine === 'sqlite' ? await run("SELECT sql FROM sqlite_master WHERE name = 'heartbeats'") : [];
  await run('DROP TABLE IF EXISTS bare_heartbeats');
  await run(COPY[engine](String(definition?.sql)));
  const columns = Object.keys(rows[0]!);
  const parameter = (n: number) => (engine === 'postgres' ? `$${n + 1}` : '?');
  const tuple = (row: number) => `(${columns.map((_, i) => parameter(row * columns.length + i)).join(', ')})`;
  const tuples = Array.from({ length: batch }, (_, row) => tuple(row)).join(', ');
  const sql = `INSERT INTO bare_heartbeats (${columns.join(', ')}) VALUES ${tuples}`;
  const batches: unknown[][] = [];
  for (let from = 0; from + batch <= rows.length; from += batch) {
    batches.push(rows.slice(from, from + batch).flatMap((row) => columns.map((column) => row[column])));
  }
  const startedAt = performance.now();
  for (const values of batches) await run(sql, values);
  const rate = (batches.length * batch * 1000) / (performance.now() - startedAt);
  await run('DROP TABLE bare_heartbeats');
  await close();
  return rate;
}

async function bareMongo(url: string, batch: number, limit: number): Promise<number> {
  const { MongoClient } = (await import('mongoose')).mongo;
  const client = await MongoClient.connect(url);
  const rows = await client.db().collection('heartbeats').find().limit(limit).toArray();
  const bare = client.db().collection('bare_heartbeats');
  await bare.drop().catch(() => false);
  const startedAt = performance.now();
  let count = 0;
  for (let from = 0; from + batch <= rows.length; from += batch) {
    await bare.insertMany(rows.slice(from, from + batch), { ordered: false });
    count += batch;
  }
  const rate = (count * 1000) / (performance.now() - startedAt);
  await bare.drop();
  await client.close();
  return rate;
}
