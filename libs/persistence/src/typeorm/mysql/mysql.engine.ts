import type { Engine } from '../../engine';
import { pooledEngine } from '../pooled/pooled.engine';
import { mysqlMigrations } from './mysql.migrations';
import { findFlavour } from './mysql.startup';
import { mysqlPorts, openMysqlPool } from './open-mysql';

export const mysqlEngine: Engine = pooledEngine({
  type: 'mysql',
  open: openMysqlPool,
  ports: mysqlPorts,
  migrations: async (env) => mysqlMigrations(env, await findFlavour(env)),
});
