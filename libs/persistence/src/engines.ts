import type { DatabaseType } from '@app/core';
import { StartupError } from '@app/core';
import type { Engine } from './engine';

/** Loaded when it is used: no process carries the driver and the ORM of another engine. */
const ENGINES: Partial<Record<DatabaseType, () => Promise<Engine>>> = {
  mysql: async () => (await import('./typeorm/mysql/mysql.engine')).mysqlEngine,
  postgres: async () => (await import('./typeorm/postgres/postgres.engine')).postgresEngine,
  sqlite: async () => (await import('./typeorm/sqlite/sqlite.engine')).sqliteEngine,
  mongo: async () => (await import('./mongoose/mongo.engine')).mongoEngine,
};

/** @throws StartupError for an engine that has no adapter. */
export function loadEngine(type: DatabaseType): Promise<Engine> {
  const load = ENGINES[type];
  if (!load) throw new StartupError(`DB_TYPE ${type} is not supported yet`);
  return load();
}
