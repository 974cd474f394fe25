import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DatabaseType } from '@app/core';
import type { mongo } from 'mongoose';
import { serverUrl } from './engines';

export interface TestDatabase {
  engine: DatabaseType;
  /** What the server needs to find it. */
  env: Record<string, string>;
  /** Of the empty database, with credentials; of its file on SQLite. */
  url: string;
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>;
}

/** An empty database that nobody else has: in a file, or on the server of the test run unless another is told. */
export function createDatabase(engine: DatabaseType, admin = serverUrl(engine)): Promise<TestDatabase> {
  switch (engine) {
    case 'sqlite':
      return createFile();
    case 'postgres':
      return createOnServer(engine, admin!, (name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    case 'mysql':
      return createOnServer(engine, admin!, (name) => `DROP DATABASE IF EXISTS ${name}`);
    case 'mongo':
      return createOnMongo(admin!);
  }
}

/** Gives fields of all records of a kind these values, past all adapters: what would take too long, or be refused. */
export async function setAll(
  { engine, url }: Pick<TestDatabase, 'engine' | 'url'>,
  table: string,
  values: Record<string, number | Date>,
): Promise<void> {
  if (engine === 'mongo') {
    return withMongo(url, async (db) => void (await db.collection(table).updateMany({}, { $set: values })));
  }
  const quote = engine === 'mysql' ? '`' : '"';
  const column = (property: string) => property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const changes = Object.entries(values).map(([property, value]) => `${quote}${column(property)}${quote} = ${+value}`);
  await execute(engine, url, `UPDATE ${table} SET ${changes.join(', ')}`);
}

/** Runs a statement past all adapters, on a SQL engine. */
export async function execute(engine: DatabaseType, url: string, sql: string): Promise<void> {
  if (engine === 'postgres') return execOnPostgres(url, sql);
  if (engine === 'mysql') return execOnMysql(url, sql);
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(url);
  db.exec(sql);
  db.close();
}

async function createFile(): Promise<TestDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'peekaping-test-'));
  const file = path.join(folder, 'test.db');
  return {
    engine: 'sqlite',
    env: { DB_TYPE: 'sqlite', DB_NAME: file },
    url: file,
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

async function createOnServer(
  engine: DatabaseType,
  admin: string,
  drop: (name: string) => string,
): Promise<TestDatabase> {
  const name = newName();
  await execute(engine, admin, `CREATE DATABASE ${name}`);
  return {
    ...described(engine, admin, name),
    drop: () => execute(engine, admin, drop(name)),
  };
}

/** It comes into being when something is stored. */
function createOnMongo(admin: string): Promise<TestDatabase> {
  const database = described('mongo', admin, newName());
  return Promise.resolve({
    ...database,
    drop: () => withMongo(database.url, async (db) => void (await db.dropDatabase())),
  });
}

/** Says in which process it was made, for whoever looks at a server that is used by several runs. */
function newName(): string {
  return `test_${process.pid}_${randomBytes(5).toString('hex')}`;
}

function described(engine: DatabaseType, admin: string, name: string): Omit<TestDatabase, 'drop'> {
  const url = new URL(admin);
  url.pathname = `/${name}`;
  const { hostname, port, username, password } = url;
  const credentials: Record<string, string> =
    username === '' ? {} : { DB_USER: username, DB_PASS: decodeURIComponent(password) };
  const env = { DB_TYPE: engine, DB_HOST: hostname, DB_PORT: port, DB_NAME: name, ...credentials };
  return { engine, env, url: url.href };
}

async function withMongo(url: string, work: (db: mongo.Db) => Promise<void>): Promise<void> {
  const { MongoClient } = (await import('mongoose')).mongo;
  const client = await MongoClient.connect(url);
  await work(client.db()).finally(() => client.close());
}

async function execOnPostgres(url: string, sql: string): Promise<void> {
  const { Client } = (await import('pg')).default;
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

async function execOnMysql(url: string, sql: string): Promise<void> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection(url);
  await connection.query(sql).finally(() => connection.end());
}
