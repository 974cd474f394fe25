import type { Clock, EntityClass, Store, Timeline } from '@app/core';
import { DataSource } from 'typeorm';
import type { DatabaseEnv } from '../../engine';
import { pooledPorts } from '../pooled/open-pooled';
import { postgresMigrations } from './postgres.migrations';
import { postgresOptions } from './postgres.options';
import { PostgresPool } from './postgres.pool';
import { explainPostgres } from './postgres.startup';
import { postgresTimelineSql } from './postgres.timeline-sql';

/** Opens the pool on a schema that is up to date, or made so. @throws StartupError */
export async function openPostgresPool(env: DatabaseEnv, entities: readonly EntityClass[]): Promise<DataSource> {
  const migrations = await postgresMigrations(env);
  await migrations.ensure(env.DB_MIGRATE).finally(() => migrations.close());
  return new DataSource(postgresOptions(env, entities)).initialize().catch((error: unknown) => {
    throw explainPostgres(env, error);
  });
}

export function postgresPorts(dataSource: DataSource, clock: Clock): { store: Store; timeline: Timeline } {
  return pooledPorts(new PostgresPool(dataSource), postgresTimelineSql, clock);
}
