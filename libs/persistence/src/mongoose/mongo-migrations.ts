import { StartupError, isAppError, messageOf } from '@app/core';
import type { mongo } from 'mongoose';
import type { MigrationStatus, Migrations } from '../engine';
import { isDuplicate, translated } from './errors';
import { MIGRATIONS } from './migrations';
import type { Migration } from './migrations/migration';
import { LOCK_COLLECTION, MigrationLock } from './migrations/migration-lock';

export const MIGRATIONS_COLLECTION = 'schema_migrations';

interface Record {
  /** Its name. */
  _id: string;
  appliedAt: Date;
}

/** Migrations of MongoDB. Each call looks first whether the database is ours to touch. */
export class MongoMigrations implements Migrations {
  private readonly records: mongo.Collection<Record>;

  constructor(
    private readonly db: mongo.Db,
    private readonly disconnect: () => Promise<void>,
    private readonly migrations: readonly Migration[] = MIGRATIONS,
  ) {
    this.records = db.collection<Record>(MIGRATIONS_COLLECTION);
  }

  /** @throws StartupError for a database that is not ours, or of a newer version. */
  status(): Promise<MigrationStatus[]> {
    return attempt(async () => {
      const applied = new Set(await this.applied());
      return this.migrations.map(({ name }) => ({ name, applied: applied.has(name) }));
    });
  }

  /** @throws as {@link status} */
  up(): Promise<string[]> {
    return attempt(async () => {
      await this.applied(); // before the lock, which writes
      return new MigrationLock(this.db).run(async (holder) => {
        const applied = new Set(await this.applied());
        const ran: string[] = [];
        for (const migration of this.migrations) {
          if (applied.has(migration.name)) continue;
          await migration.up(this.db);
          await holder.check();
          await this.records.insertOne({ _id: migration.name, appliedAt: new Date() }).catch(unlessRecorded);
          ran.push(migration.name);
        }
        return ran;
      });
    });
  }

  /** @throws as {@link status} */
  down(): Promise<string | null> {
    return attempt(async () => {
      await this.applied();
      return new MigrationLock(this.db).run(async (holder) => {
        const last = (await this.applied()).at(-1);
        const migration = this.migrations.find(({ name }) => name === last);
        if (!migration) return null;
        await migration.down(this.db);
        await holder.check();
        await this.records.deleteOne({ _id: migration.name });
        return migration.name;
      });
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
    return this.disconnect();
  }

  /** Names of what has run, oldest first. */
  private async applied(): Promise<string[]> {
    const collections = (await this.db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
    const theirs = collections.filter((name) => !OURS_FROM_THE_START.includes(name) && !name.startsWith('system.'));
    const ours = collections.includes(MIGRATIONS_COLLECTION) || collections.includes(LOCK_COLLECTION);
    if (!ours && theirs.length > 0) throw notOurs(theirs);
    const records = await this.records.find({}, { sort: { appliedAt: 1, _id: 1 } }).toArray();
    const applied = records.map(({ _id }) => _id);
    const newer = applied.find((name) => !this.migrations.some((migration) => migration.name === name));
    if (newer === undefined) return applied;
    throw new StartupError(
      `The database was migrated by a newer version of this server (${newer}): start that version, or restore a backup made before`,
    );
  }
}

/** @throws StartupError, in one line, when the database goes away. */
async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await translated(work);
  } catch (error) {
    if (!isAppError(error, 'unavailable')) throw error;
    const reason = messageOf(error.cause);
    throw new StartupError(`The database does not answer any more (${reason}): run it again, it goes on where it was`, {
      cause: error,
    });
  }
}

const OURS_FROM_THE_START = [MIGRATIONS_COLLECTION, LOCK_COLLECTION];
/** It has no bookkeeping on MongoDB, but names that we do not use. */
const PEEKAPING = ['setting', 'monitor', 'heartbeat'];

function notOurs(collections: string[]): StartupError {
  return new StartupError(
    PEEKAPING.some((name) => collections.includes(name))
      ? 'This database was made by Peekaping 0.0.x: it is left untouched. Set DB_NAME to a new one; the importer that moves the data comes with a later release'
      : 'This database holds collections of another program: it is left untouched. Set DB_NAME to another one',
  );
}

function unlessRecorded(error: unknown): void {
  if (!isDuplicate(error)) throw error;
}
