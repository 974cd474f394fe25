import type { QueryRunner } from 'typeorm';
import type { Dialect } from '../dialect';
import { dialectOf } from '../dialects';
import { mysqlTables } from './timeline-tables/mysql';
import { POSTGRES_TABLES } from './timeline-tables/postgres';
import { SQLITE_TABLES } from './timeline-tables/sqlite';

const STATEMENTS: Record<Dialect['name'], (dialect: Dialect) => readonly string[]> = {
  sqlite: () => SQLITE_TABLES,
  postgres: () => POSTGRES_TABLES,
  mysql: mysqlTables,
};

/**
 * Heartbeats and series are keyed by a small number per monitor and kept in the order of (monitor, time), each engine
 * in its way: half the bytes of a row with a text id, and a monitor's history is one stretch of the file. State and
 * certificate go with their monitor.
 */
export async function createTimelineTables(runner: QueryRunner): Promise<void> {
  const dialect = dialectOf(runner);
  for (const statement of STATEMENTS[dialect.name](dialect)) await runner.query(statement);
}

export async function dropTimelineTables(runner: QueryRunner): Promise<void> {
  const tables = ['certificate_notices', 'certificates', 'series_minute', 'series_hour', 'series_day', 'heartbeats'];
  tables.push('important_heartbeats'); // MySQL only
  for (const name of [...tables, 'monitor_states']) await runner.query(`DROP TABLE IF EXISTS ${name}`);
}
