import { createHash } from 'node:crypto';
import type { EntityClass } from '@app/core';
import { DataSource } from 'typeorm';
import type { DatabaseEnv } from '../../engine';
import { SqlMigrations } from '../sql-migrations';
import { mysqlMigrationOptions } from './mysql.options';
import type { Flavour } from './mysql.options';
import { explainMysql } from './mysql.startup';

/** @throws StartupError */
export async function mysqlMigrations(
  env: DatabaseEnv,
  flavour: Flavour,
  entities: readonly EntityClass[] = [],
): Promise<SqlMigrations> {
  const explain = (error: unknown) => {
    throw explainMysql(env, error);
  };
  const dataSource = await new DataSource(mysqlMigrationOptions(env, entities, flavour)).initialize().catch(explain);
  return new SqlMigrations({
    dataSource,
    tables: () => tablesOf(dataSource),
    alone: (work) => alone(dataSource, env.DB_NAME, work).catch(explain),
  });
}

async function tablesOf(dataSource: DataSource): Promise<string[]> {
  const rows = await dataSource.query<{ name: string }[]>(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
  );
  return rows.map(({ name }) => name);
}

/** The lock goes with its connection: a runner that was killed leaves none behind. */
async function alone<T>(dataSource: DataSource, database: string, work: () => Promise<T>): Promise<T> {
  // Names are known all over the server and take 64 characters.
  const name = `peekaping:${createHash('sha256').update(database).digest('hex').slice(0, 32)}`;
  const runner = dataSource.createQueryRunner();
  try {
    for (;;) {
      const rows: unknown = await runner.query('SELECT GET_LOCK(?, 1) AS taken', [name]);
      if (Number((rows as { taken: unknown }[])[0]!.taken) === 1) break;
    }
    return await work().finally(() => runner.query('SELECT RELEASE_LOCK(?)', [name]));
  } finally {
    await runner.release();
  }
}
