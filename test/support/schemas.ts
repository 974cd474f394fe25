import { existsSync } from 'node:fs';
import type { TestDatabase } from './databases';

/** What a database is made of, in the words of its engine: to compare two of one engine. */
export interface Schema {
  /** Collections on MongoDB. */
  tables: string[];
  /** One line for each column, index and reference, sorted. */
  details: string[];
}

/** Reads the schema past all adapters. */
export function schemaOf(database: TestDatabase): Promise<Schema> {
  switch (database.engine) {
    case 'sqlite':
      return ofSqlite(database.url);
    case 'postgres':
      return ofPostgres(database.url);
    case 'mysql':
      return ofMysql(database.url);
    case 'mongo':
      return ofMongo(database.url);
  }
}

async function ofSqlite(file: string): Promise<Schema> {
  if (!existsSync(file)) return { tables: [], details: [] };
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(file, { readonly: true });
  try {
    const objects = db
      .prepare<[], { type: string; name: string; sql: string | null }>(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
      )
      .all();
    return {
      tables: objects.filter(({ type }) => type === 'table').map(({ name }) => name),
      details: objects.map(({ name, sql }) => `${name}: ${sql}`),
    };
  } finally {
    db.close();
  }
}

async function ofPostgres(url: string): Promise<Schema> {
  const { Client } = (await import('pg')).default;
  const client = new Client({ connectionString: url });
  await client.connect();
  const lines = async (sql: string) => (await client.query<{ line: string }>(sql)).rows.map(({ line }) => line);
  try {
    return {
      tables: await lines(
        'SELECT tablename AS line FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename COLLATE "C"',
      ),
      details: [
        ...(await lines(`SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length,
          is_nullable, column_default, collation_name) AS line
          FROM information_schema.columns WHERE table_schema = current_schema()`)),
        ...(await lines('SELECT indexdef AS line FROM pg_indexes WHERE schemaname = current_schema()')),
        ...(await lines(`SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS line
          FROM pg_constraint WHERE connamespace = current_schema()::regnamespace`)),
      ].sort(),
    };
  } finally {
    await client.end();
  }
}

async function ofMysql(url: string): Promise<Schema> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query('SHOW TABLES');
    const tables = (rows as object[]).map((row) => String(Object.values(row)[0])).sort();
    const details: string[] = [];
    for (const table of tables) {
      const [created] = await connection.query(`SHOW CREATE TABLE \`${table}\``);
      const statement = (created as { 'Create Table': string }[])[0]!['Create Table'];
      details.push(statement.replace(/ AUTO_INCREMENT=\d+/, ''));
    }
    return { tables, details };
  } finally {
    await connection.end();
  }
}

async function ofMongo(url: string): Promise<Schema> {
  const { MongoClient } = (await import('mongoose')).mongo;
  const client = await MongoClient.connect(url);
  try {
    const collections = await client.db().listCollections().toArray();
    const tables = collections.map(({ name }) => name).sort();
    const details: string[] = [];
    for (const name of tables) {
      for (const { key, unique } of await client.db().collection(name).indexes()) {
        details.push(`${name} ${JSON.stringify(key)}${unique ? ' unique' : ''}`);
      }
    }
    return { tables, details: details.sort() };
  } finally {
    await client.close();
  }
}
