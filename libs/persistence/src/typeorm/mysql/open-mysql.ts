import type { Clock, EntityClass, Store, Timeline } from '@app/core';
import { DataSource } from 'typeorm';
import type { DatabaseEnv } from '../../engine';
import { pooledPorts } from '../pooled/open-pooled';
import { mysqlMigrations } from './mysql.migrations';
import { dialectOfFlavour, mysqlOptions } from './mysql.options';
import type { Flavour } from './mysql.options';
import { MysqlPool } from './mysql.pool';
import { explainMysql, findFlavour } from './mysql.startup';
import { mysqlTimelineSql } from './mysql.timeline-sql';

/** Opens the pool on a schema that is up to date, or made so. @throws StartupError */
export async function openMysqlPool(env: DatabaseEnv, entities: readonly EntityClass[]): Promise<DataSource> {
  const flavour = await findFlavour(env);
  const migrations = await mysqlMigrations(env, flavour);
  await migrations.ensure(env.DB_MIGRATE).finally(() => migrations.close());
  return new DataSource(mysqlOptions(env, entities, flavour)).initialize().catch((error: unknown) => {
    throw explainMysql(env, error);
  });
}

export function mysqlPorts(dataSource: DataSource, clock: Clock): { store: Store; timeline: Timeline } {
  const dialect = dialectOfFlavour(dataSource.options.type as Flavour);
  return pooledPorts(new MysqlPool(dataSource, dialect), mysqlTimelineSql, clock);
}
