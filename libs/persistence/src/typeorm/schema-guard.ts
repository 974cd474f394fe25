import { StartupError } from '@app/core';
import type { DataSource } from 'typeorm';
import { MIGRATIONS, MIGRATIONS_TABLE } from './migrations';

/**
 * Brings the schema up to date, or refuses to touch what is not ours.
 * @throws StartupError for a database of the system we replace, of somebody else, or of a newer version of ours;
 * with `migrate: 'check'` also for one that is behind. `tables` are all that the database holds.
 */
export async function ensureSchema(dataSource: DataSource, migrate: 'auto' | 'check', tables: string[]): Promise<void> {
  if (tables.includes('bun_migrations')) {
    throw new StartupError(
      'This database was made by Peekaping 0.0.x: it is left untouched. Set DB_NAME to a new one; the importer that moves the data comes with a later release',
    );
  }
  if (!tables.includes(MIGRATIONS_TABLE) && tables.length > 0) {
    throw new StartupError(
      'This database holds tables of another program: it is left untouched. Set DB_NAME to another one',
    );
  }
  if (tables.includes(MIGRATIONS_TABLE)) await refuseNewer(dataSource);
  if (!(await dataSource.showMigrations())) return;
  if (migrate === 'check') {
    throw new StartupError('The database schema is behind this version: migrate it, or set DB_MIGRATE=auto');
  }
  await dataSource.runMigrations();
}

async function refuseNewer(dataSource: DataSource): Promise<void> {
  const known = new Set<string>(MIGRATIONS.map((migration) => new migration().name));
  const rows = await dataSource.query<{ name: string }[]>(`SELECT name FROM ${MIGRATIONS_TABLE}`);
  const unknown = rows.find(({ name }) => !known.has(name));
  if (unknown) {
    throw new StartupError(
      `The database was migrated by a newer version of this server (${unknown.name}): start that version, or restore a backup made before`,
    );
  }
}
