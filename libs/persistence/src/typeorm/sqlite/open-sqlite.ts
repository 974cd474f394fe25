import { StartupError } from '@app/core';
import type { Clock, EntityClass, Store, Timeline } from '@app/core';
import type { Database } from 'better-sqlite3';
import { DataSource } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';
import { SqlMigrations } from '../sql-migrations';
import type { Migrations } from '../../engine';
import { TypeOrmStore } from '../typeorm.store';
import { WriteGate } from '../write-gate';
import { InstanceLock } from './instance-lock';
import { SqliteAccess } from './sqlite.access';
import { sqliteSelect } from './sqlite.select';
import { readerOptions, writerOptions } from './sqlite.options';
import { SqliteTimeline } from './sqlite.timeline';

/** For a migration of a large file that somebody else has started. */
const MIGRATION_WAIT_MS = 3_600_000;

export interface SqliteOptions {
  /** A path; every process needs its own (see InstanceLock). */
  file: string;
  entities: readonly EntityClass[];
  clock: Clock;
  migrate: 'auto' | 'check';
}

/** better-sqlite3's own handle of a data source; TypeORM keeps one per source. */
export function handleOf(dataSource: DataSource): Database {
  return (dataSource.driver as unknown as { databaseConnection: Database }).databaseConnection;
}

/** Opens the connection that writes and migrates if need be. @throws StartupError; then it is closed again */
export async function openWriter(options: DataSourceOptions, migrate: 'auto' | 'check'): Promise<DataSource> {
  const writer = await connect(options);
  try {
    await migrationsOn(writer).ensure(migrate);
    return writer;
  } catch (error) {
    await writer.destroy();
    throw error;
  }
}

/** The schema of a file: may be looked at while a server runs on it, but not changed. @throws StartupError */
export async function sqliteMigrations(file: string): Promise<Migrations> {
  return migrationsOn(await connect(writerOptions(file, [])), (work) => withoutServer(file, work));
}

/** Waits for whoever else migrates, but not for a server: that would not end by itself. */
async function withoutServer<T>(file: string, work: () => Promise<T>): Promise<T> {
  const turn = InstanceLock.acquire(`${file}.migrate`, { waitMs: MIGRATION_WAIT_MS });
  try {
    const lock = InstanceLock.acquire(file);
    try {
      return await work();
    } finally {
      lock.release();
    }
  } finally {
    turn.release();
  }
}

function connect(options: DataSourceOptions): Promise<DataSource> {
  return new DataSource(options).initialize().catch((error: unknown) => {
    throw damaged(error) ? notADatabase(String(options.database), error) : error;
  });
}

/** better-sqlite3's code, wherever TypeORM keeps the error. */
function damaged(error: unknown): boolean {
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  return ['SQLITE_NOTADB', 'SQLITE_CORRUPT'].includes(String(code ?? driverError?.code));
}

function notADatabase(file: string, cause: unknown): StartupError {
  return new StartupError(
    `The data file ${file} is not a SQLite database, or damaged: restore it from a backup, or set DB_NAME to another file`,
    { cause },
  );
}

function migrationsOn(
  writer: DataSource,
  alone: <T>(work: () => Promise<T>) => Promise<T> = (work) => work(), // a server has its file for itself
): SqlMigrations {
  return new SqlMigrations({
    dataSource: writer,
    async tables() {
      const rows = await writer.query<{ name: string }[]>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'",
      );
      return rows.map(({ name }) => name);
    },
    alone,
  });
}

/** The ports on an open pair of connections. */
export function sqlitePorts(
  writer: DataSource,
  reader: DataSource,
  clock: Clock,
): { store: Store; timeline: Timeline } {
  const gate = new WriteGate();
  return {
    store: new TypeOrmStore(new SqliteAccess({ writer, reader, select: sqliteSelect(handleOf(reader)), gate }), clock),
    timeline: new SqliteTimeline({ writer: handleOf(writer), reader: handleOf(reader), gate, clock }),
  };
}

export interface OpenDatabase {
  store: Store;
  timeline: Timeline;
  writer: DataSource;
  close(): Promise<void>;
}

/** Everything at once, without Nest: for tests and command-line tools. */
export async function openSqlite({ file, entities, clock, migrate }: SqliteOptions): Promise<OpenDatabase> {
  const writer = await openWriter(writerOptions(file, entities), migrate);
  const reader = await new DataSource(readerOptions(file)).initialize();
  return {
    ...sqlitePorts(writer, reader, clock),
    writer,
    async close() {
      await reader.destroy();
      await writer.destroy();
    },
  };
}
