import type { QueryRunner } from 'typeorm';
import type { Dialect } from './dialect';
import { sqliteDialect } from './sqlite/sqlite.dialect';

/** The dialect of a connection. @throws Error for an engine that has none */
export function dialectOf(runner: QueryRunner): Dialect {
  const { type } = runner.dataSource.options;
  if (type === 'better-sqlite3') return sqliteDialect;
  throw new Error(`no SQL dialect for ${type}`);
}
