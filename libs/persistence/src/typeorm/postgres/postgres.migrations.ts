import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityClass } from '@app/core';
import { DataSource } from 'typeorm';
import type { DatabaseEnv } from '../../engine';
import { SqlMigrations } from '../sql-migrations';
import { postgresMigrationOptions } from './postgres.options';
import { checkPostgres, explainPostgres } from './postgres.startup';

/** One lock per database: any number that other programs are unlikely to take. */
const LOCK = 7_335_527;
const LOCK_PAUSE_MS = 200;

/** @throws StartupError */
export async function postgresMigrations(
  env: DatabaseEnv,
  entities: readonly EntityClass[] = [],
): Promise<SqlMigrations> {
  const explain = (error: unknown) => {
    throw explainPostgres(env, error);
  };
  const dataSource = await new DataSource(postgresMigrationOptions(env, entities)).initialize().catch(explain);
  try {
    const [server] = await dataSource.query<{ version: string; encoding: string }[]>(
      "SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding",
    );
    checkPostgres(env, Number(server!.version), server!.encoding);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  return new SqlMigrations({
    dataSource,
    tables: () => tablesOf(dataSource),
    alone: (work) => alone(dataSource, work).catch(explain),
  });
}

async function tablesOf(dataSource: DataSource): Promise<string[]> {
  const rows = await dataSource.query<{ name: string }[]>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()',
  );
  return rows.map(({ name }) => name);
}

/** The lock goes with its connection: a runner that was killed leaves none behind. */
async function alone<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    for (;;) {
      const rows: unknown = await runner.query('SELECT pg_try_advisory_lock($1) AS taken', [LOCK]);
      if ((rows as { taken: boolean }[])[0]!.taken) break;
      await sleep(LOCK_PAUSE_MS);
    }
    return await work().finally(() => runner.query('SELECT pg_advisory_unlock($1)', [LOCK]));
  } finally {
    await runner.release();
  }
}
