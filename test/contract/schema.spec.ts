import path from 'node:path';
import { Delivery, Index, StartupError, Stored, Text } from '@app/core';
import type { EntityClass } from '@app/core';
import { openSqlite } from '@app/persistence/typeorm';
import Database from 'better-sqlite3';
import { ENTITIES } from '@app/modules/entities';
import { FakeClock } from '../support/clock';
import { openTemporary, temporaryFolder } from './sqlite';
import type { TestDatabase } from './sqlite';

/** The statements that would make the tables what the entities say. */
async function difference(entities: readonly EntityClass[]): Promise<string[]> {
  const { writer, close } = await openTemporary(entities);
  try {
    const { upQueries } = await writer.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  } finally {
    await close();
  }
}

@Stored('deliveries')
@Index(['kind'])
class ChangedDelivery extends Delivery {
  @Text({ nullable: true }) extra!: string | null;
}

describe('a migrated database', () => {
  it('is what the entities say', async () => {
    await expect(difference(ENTITIES)).resolves.toEqual([]);
  });

  it('is not, when an entity says more', async () => {
    const statements = await difference([ChangedDelivery]);

    expect(statements.join('\n')).toContain('extra');
    expect(statements.join('\n')).toContain('deliveries_kind_idx');
  });

  describe('once opened', () => {
    let database: TestDatabase;

    beforeEach(async () => {
      database = await openTemporary(ENTITIES);
    });

    afterEach(() => database.close());

    it('goes back to nothing, and forward again', async () => {
      const { writer } = database;
      const tables = async () => {
        const rows = await writer.query<{ name: string }[]>(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
        );
        return rows.map(({ name }) => name);
      };
      const all = await tables();

      for (const _ of writer.migrations) await writer.undoLastMigration();
      await expect(tables()).resolves.toEqual(['schema_migrations']);
      await writer.runMigrations();

      await expect(tables()).resolves.toEqual(all);
    });

    it('holds no row whose reference leads nowhere, because the engine watches', async () => {
      await expect(database.writer.query('PRAGMA foreign_keys')).resolves.toEqual([{ foreign_keys: 1 }]);
    });
  });
});

describe('opening a database', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;

  beforeEach(() => {
    folder = temporaryFolder();
    file = path.join(folder.path, 'test.db');
  });

  afterEach(() => folder.remove());

  const open = (migrate: 'auto' | 'check') => openSqlite({ file, entities: ENTITIES, clock: new FakeClock(), migrate });
  const prepare = (...statements: string[]) => {
    const db = new Database(file);
    for (const statement of statements) db.exec(statement);
    db.close();
  };
  const contents = () => {
    const db = new Database(file, { readonly: true });
    const rows = db.prepare('SELECT sql FROM sqlite_master ORDER BY name').pluck().all();
    db.close();
    return rows;
  };

  it.each<[string, string[], string]>([
    [
      'of the server that we replace',
      ['CREATE TABLE bun_migrations (id INTEGER)', 'CREATE TABLE monitors (id TEXT)'],
      'was made by Peekaping 0.0.x',
    ],
    ['of a program with tables like ours', ['CREATE TABLE users (id INTEGER)'], 'holds tables of another program'],
    ['of any other program', ['CREATE TABLE invoices (id INTEGER)'], 'holds tables of another program'],
  ])('refuses one %s, and leaves it as it is', async (_, statements, message) => {
    prepare(...statements);
    const before = contents();

    for (const migrate of ['auto', 'check'] as const) {
      const attempt = open(migrate);
      await expect(attempt).rejects.toThrow(message);
      await expect(attempt).rejects.toBeInstanceOf(StartupError);
    }

    expect(contents()).toEqual(before);
  });

  it('refuses one that a newer version has migrated', async () => {
    await (await open('auto')).close();
    prepare("INSERT INTO schema_migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')");

    for (const migrate of ['auto', 'check'] as const) {
      const attempt = open(migrate);
      await expect(attempt).rejects.toThrow('newer version of this server (Later9999999999999)');
      await expect(attempt).rejects.toBeInstanceOf(StartupError);
    }
  });

  it('refuses one that is behind, unless it may migrate', async () => {
    const attempt = open('check');
    await expect(attempt).rejects.toThrow('DB_MIGRATE=auto');
    await expect(attempt).rejects.toBeInstanceOf(StartupError);

    await (await open('auto')).close();
    await (await open('check')).close();
  });

  it('finds everything again, and migrates nothing twice', async () => {
    const first = await open('auto');
    await first.writer.query("INSERT INTO tags VALUES ('t', 1, 2, 'prod', 'prod', '#fff', NULL)");
    await first.close();
    const before = contents();

    const second = await open('auto');

    await expect(second.writer.query('SELECT name FROM tags')).resolves.toEqual([{ name: 'prod' }]);
    await second.close();
    expect(contents()).toEqual(before);
  });

  it('closes what it had opened when it refuses', async () => {
    prepare('CREATE TABLE bun_migrations (id INTEGER)');

    await expect(open('auto')).rejects.toThrow(StartupError);

    // Somebody else can have the file for himself alone.
    const db = new Database(file, { timeout: 0 });
    db.pragma('locking_mode = EXCLUSIVE');
    expect(() => db.exec('BEGIN EXCLUSIVE; CREATE TABLE mine (id INTEGER); COMMIT')).not.toThrow();
    db.close();
  });
});
