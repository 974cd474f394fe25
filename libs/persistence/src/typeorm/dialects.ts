import type { QueryRunner } from 'typeorm';
import type { Dialect } from './dialect';
import { mariadbDialect, mysqlDialect } from './mysql/mysql.dialect';
import { postgresDialect } from './postgres/postgres.dialect';
import { sqliteDialect } from './sqlite/sqlite.dialect';

const DIALECTS: Record<string, Dialect> = {
  'better-sqlite3': sqliteDialect,
  postgres: postgresDialect,
  mysql: mysqlDialect,
  mariadb: mariadbDialect,
};

/** The dialect of a connection. @throws Error for an engine that has none */
export function dialectOf(runner: QueryRunner): Dialect {
  const { type } = runner.dataSource.options;
  const dialect = DIALECTS[type];
  if (!dialect) throw new Error(`no SQL dialect for ${type}`);
  return dialect;
}
