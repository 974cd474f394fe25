import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { StartupError, messageOf } from '@app/core';
import type { EntityClass } from '@app/core';
import type { Database } from 'better-sqlite3';
import type { DataSourceOptions } from 'typeorm';
import { toEntitySchemas } from '../entity-schemas';
import { MIGRATIONS, MIGRATIONS_TABLE } from '../migrations';
import { sqliteDialect } from './sqlite.dialect';

export const READER = 'reader';

function prepare(db: Database, readonly: boolean): void {
  db.pragma('busy_timeout = 5000');
  if (!readonly) {
    db.pragma('journal_mode = WAL');
    // With WAL this loses nothing when the process dies; a power cut can cost the last moments, never the file.
    db.pragma('synchronous = NORMAL');
  }
  db.pragma('temp_store = MEMORY');
  db.pragma('cache_size = -16000');
  db.pragma('mmap_size = 268435456');
}

/** The connection that writes. */
export function writerOptions(file: string, entities: readonly EntityClass[]): DataSourceOptions {
  return {
    type: 'better-sqlite3',
    database: file,
    entities: toEntitySchemas(entities, sqliteDialect),
    migrations: MIGRATIONS,
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
    prepareDatabase: (db: Database) => prepare(db, false),
  };
}

/** The connection that reads what is committed, whatever the writer is doing. */
export function readerOptions(file: string): DataSourceOptions {
  return {
    type: 'better-sqlite3',
    database: file,
    readonly: true,
    fileMustExist: true,
    statementCacheSize: 500,
    prepareDatabase: (db: Database) => prepare(db, true),
  };
}

/** Makes the folder of the database. @throws StartupError when it, or the file, cannot be written. */
export function ensureWritable(file: string): void {
  const folder = path.dirname(file);
  try {
    makeFolder(folder);
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is not a folder`);
    if (existsSync(file)) {
      if (statSync(file).isDirectory()) throw new Error('is a folder');
      accessSync(file, constants.W_OK);
    }
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new StartupError(
      `The data file ${file} cannot be written (${messageOf(error)}): give this user write access to ${folder}, or set DB_NAME to another place`,
      { cause: error },
    );
  }
}

/** Step by step: Node's own `recursive` never returns where folders cannot be made, as below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder);
}
