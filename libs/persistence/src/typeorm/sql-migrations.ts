import { StartupError } from '@app/core';
import type { DataSource } from 'typeorm';
import type { MigrationStatus, Migrations } from '../engine';
import { MIGRATIONS, MIGRATIONS_TABLE } from './migrations';

export interface SqlMigrationsOptions {
  dataSource: DataSource;
  /** All tables that the database holds. */
  tables(): Promise<string[]>;
  /** Runs `work` while nobody else migrates this database: waits for its turn. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** Migrations of a SQL engine. Each one looks first whether the database is ours to touch. */
export class SqlMigrations implements Migrations {
  constructor(private readonly options: SqlMigrationsOptions) {}

  get dataSource(): DataSource {
    return this.options.dataSource;
  }

  /** @throws StartupError for a database that is not ours, or of a newer version. */
  async status(): Promise<MigrationStatus[]> {
    const applied = new Set(await this.applied());
    return migrationNames().map((name) => ({ name, applied: applied.has(name) }));
  }

  /** @throws as {@link status} */
  up(): Promise<string[]> {
    return this.options.alone(async () => {
      await this.applied();
      const ran = await this.dataSource.runMigrations();
      return ran.map(({ name }) => name);
    });
  }

  /** @throws as {@link status} */
  down(): Promise<string | null> {
    return this.options.alone(async () => {
      const last = (await this.applied()).at(-1);
      if (last === undefined) return null;
      await this.dataSource.undoLastMigration();
      return last;
    });
  }

  /**
   * Brings the schema up to date, or refuses to.
   * @throws as {@link status}; with `check` also for a schema that is behind.
   */
  async ensure(migrate: 'auto' | 'check'): Promise<void> {
    const pending = (await this.status()).some(({ applied }) => !applied);
    if (!pending) return;
    if (migrate === 'check') {
      throw new StartupError(
        'The database schema is behind this version: run `npm run migrate -- up`, or set DB_MIGRATE=auto',
      );
    }
    await this.up();
  }

  close(): Promise<void> {
    return this.dataSource.destroy();
  }

  /** Names of what has run, oldest first. */
  private async applied(): Promise<string[]> {
    const tables = await this.options.tables();
    if (tables.includes('bun_migrations')) {
      throw new StartupError(
        'This database was made by Peekaping 0.0.x: it is left untouched. Set DB_NAME to a new one; the importer that moves the data comes with a later release',
      );
    }
    if (!tables.includes(MIGRATIONS_TABLE)) {
      if (tables.length === 0) return [];
      throw new StartupError(
        'This database holds tables of another program: it is left untouched. Set DB_NAME to another one',
      );
    }
    const rows = await this.dataSource.query<{ name: string }[]>(
      `SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY timestamp`,
    );
    const applied = rows.map(({ name }) => name);
    const known = migrationNames();
    const newer = applied.find((name) => !known.includes(name));
    if (newer === undefined) return applied;
    throw new StartupError(
      `The database was migrated by a newer version of this server (${newer}): start that version, or restore a backup made before`,
    );
  }
}

function migrationNames(): string[] {
  return MIGRATIONS.map((migration) => new migration().name);
}
