import { Delivery, Index, StartupError, Stored, Text, loadEnv, modelOf } from '@app/core';
import type { EntityClass, Env } from '@app/core';
import {
  MIGRATIONS,
  MigrationLock,
  MongoMigrations,
  mongoEngine,
  openMongo,
  toSchema,
} from '@app/persistence/mongoose';
import type { Migration } from '@app/persistence/mongoose';
import { MIGRATIONS as SQL_MIGRATIONS } from '../../libs/persistence/src/typeorm/migrations';
import { createConnection } from 'mongoose';
import type { Connection } from 'mongoose';
import { ENTITIES } from '@app/modules/entities';
import { FakeClock } from '../support/clock';
import { createDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import { onEngines } from '../support/engines';
import { openMongoDatabase } from './database';
import type { MongoDatabase } from './database';
import { gate } from './waiting';

@Stored('deliveries')
@Index(['kind'])
class ChangedDelivery extends Delivery {
  @Text({ nullable: true, unique: true }) extra!: string | null;
}

/** Names, fields and kinds, as the server tells them. */
async function indexesIn({ connection }: MongoDatabase, entities: readonly EntityClass[]) {
  const collections = entities.map(async (entity) => {
    const { name } = modelOf(entity);
    const indexes = await connection.collection(name).listIndexes().toArray();
    return [name, indexes.map(({ v: _v, ns: _ns, ...rest }) => rest).sort((a, b) => (a.name < b.name ? -1 : 1))];
  });
  return Object.fromEntries(await Promise.all(collections)) as Record<string, unknown>;
}

onEngines(['mongo'], () => {
  describe('a migrated database', () => {
    let migrated: MongoDatabase;
    let derived: MongoDatabase;

    beforeAll(async () => {
      [migrated, derived] = await Promise.all([openMongoDatabase(ENTITIES), openMongoDatabase(ENTITIES)]);
    });

    afterAll(() => Promise.all([migrated.close(), derived.close()]));

    const derive = async (entities: readonly EntityClass[]) => {
      for (const entity of entities) {
        await derived.db.dropCollection(modelOf(entity).name).catch(() => undefined);
        derived.connection.deleteModel(/./);
        await derived.connection.model(entity.name, toSchema(entity)).createIndexes();
      }
      return indexesIn(derived, entities);
    };

    it('has the indexes that the entities ask for', async () => {
      await expect(indexesIn(migrated, ENTITIES)).resolves.toEqual(await derive(ENTITIES));
    });

    it('has not, when an entity asks for more', async () => {
      const { deliveries } = await derive([ChangedDelivery]);

      expect(JSON.stringify(deliveries)).toContain('deliveries_extra');
      await expect(indexesIn(migrated, [Delivery])).resolves.not.toEqual({ deliveries });
    });

    it('has the migrations that the SQL engines have', () => {
      expect(MIGRATIONS.map(({ name }) => name)).toEqual(SQL_MIGRATIONS.map((Class) => new Class().name));
    });

    it('goes back to nothing, and forward again', async () => {
      const { db } = migrated;
      const collections = async () =>
        (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name).sort();
      const all = await collections();
      const migrations = new MongoMigrations(db, () => Promise.resolve());

      for (const { name } of [...MIGRATIONS].reverse()) await expect(migrations.down()).resolves.toBe(name);
      await expect(migrations.down()).resolves.toBeNull();
      await expect(collections()).resolves.toEqual(['schema_migration_lock', 'schema_migrations']);
      await expect(migrations.up()).resolves.toEqual(MIGRATIONS.map(({ name }) => name));

      await expect(collections()).resolves.toEqual(all);
      await expect(migrations.status()).resolves.toEqual(MIGRATIONS.map(({ name }) => ({ name, applied: true })));
    });
  });
});

onEngines(['mongo'], () => {
  describe('opening a database', () => {
    let database: TestDatabase;
    let env: Env;
    let connection: Connection;

    beforeEach(async () => {
      database = await createDatabase('mongo');
      env = loadEnv(database.env);
      connection = await createConnection(database.url).asPromise();
    });

    afterEach(async () => {
      await connection.close();
      await database.drop();
    });

    const db = () => connection.db as unknown as MongoDatabase['db'];
    const open = (migrate: Env['DB_MIGRATE']) => openMongo({ ...env, DB_MIGRATE: migrate }, ENTITIES, new FakeClock());
    const contents = async () => {
      const collections = await connection.db!.listCollections({}, { nameOnly: true }).toArray();
      return collections.map(({ name }) => name).sort();
    };
    const migrationsOf = (...list: Migration[]) => new MongoMigrations(db(), () => Promise.resolve(), list);
    const step = (name: string, up: () => Promise<void> = () => Promise.resolve()): Migration => ({
      name,
      up,
      down: () => Promise.resolve(),
    });

    it.each([
      ['of the server that we replace', ['setting', 'monitor', 'users'], 'was made by Peekaping 0.0.x'],
      ['of a program with collections like ours', ['users', 'tags'], 'holds collections of another program'],
      ['of any other program', ['invoices'], 'holds collections of another program'],
    ])('refuses one %s, and leaves it as it is', async (_, names, message) => {
      for (const name of names) await connection.collection(name).insertOne({ key: 1 });
      const before = await contents();

      for (const migrate of ['auto', 'check'] as const) {
        const attempt = open(migrate);
        await expect(attempt).rejects.toThrow(message);
        await expect(attempt).rejects.toBeInstanceOf(StartupError);
      }

      await expect(contents()).resolves.toEqual(before);
    });

    it('refuses one that a newer version has migrated', async () => {
      await (await open('auto')).close();
      await connection.collection('schema_migrations').insertOne({ _id: 'Later9999999999999' as never });

      await expect(open('auto')).rejects.toThrow('newer version of this server (Later9999999999999)');
      await expect(open('check')).rejects.toBeInstanceOf(StartupError);
    });

    it('refuses one that is behind, unless it may migrate', async () => {
      const attempt = open('check');
      await expect(attempt).rejects.toThrow('npm run migrate');
      await expect(attempt).rejects.toBeInstanceOf(StartupError);
      await expect(contents()).resolves.toEqual([]);

      await (await open('auto')).close();
      await (await open('check')).close();
    });

    it('lets one of two migrate that start at once; the other one waits', async () => {
      const started = gate();
      const finish = gate();
      const slow = migrationsOf(
        step('Slow1', async () => {
          started.open();
          await finish.passed;
        }),
      );
      const other = migrationsOf(step('Slow1', () => Promise.reject(new Error('ran twice'))));

      const first = slow.up();
      await started.passed;
      const second = other.up();
      finish.open();

      await expect(first).resolves.toEqual(['Slow1']);
      await expect(second).resolves.toEqual([]);
    });

    it('goes on where it was cut off', async () => {
      const attempt = migrationsOf(
        step('One1'),
        step('Two2', () => Promise.reject(new Error('cut off'))),
      ).up();
      await expect(attempt).rejects.toThrow('cut off');

      await expect(migrationsOf(step('One1'), step('Two2')).up()).resolves.toEqual(['Two2']);
    });

    it('takes over from one that died while it migrated', async () => {
      const dead = { _id: 'migration' as never, owner: 'dead', beat: 7 };
      await connection.collection('schema_migration_lock').insertOne(dead);

      await expect(new MigrationLock(db(), 50).run(() => Promise.resolve('done'))).resolves.toBe('done');

      await expect(connection.collection('schema_migration_lock').countDocuments()).resolves.toBe(0);
    });

    it('does nothing more once another one has taken over from it', async () => {
      const attempt = new MigrationLock(db()).run(async ({ check }) => {
        await connection.collection('schema_migration_lock').updateOne({}, { $set: { owner: 'somebody else' } });
        await check();
      });

      await expect(attempt).rejects.toBeInstanceOf(StartupError);
      await expect(connection.collection('schema_migration_lock').countDocuments()).resolves.toBe(1);
    });
  });
});

describe('a MongoDB that cannot be used', () => {
  const env = (values: Record<string, string> = {}) =>
    loadEnv({ DB_TYPE: 'mongo', DB_HOST: '127.0.0.1', DB_PORT: '1', DB_NAME: 'peekaping', ...values });

  it('is told in one line that names the variables, without the password', async () => {
    const attempt = mongoEngine.migrations(env({ DB_USER: 'someone', DB_PASS: 'open-sesame' }));

    await expect(attempt).rejects.toBeInstanceOf(StartupError);
    await expect(attempt).rejects.toThrow(/^MongoDB peekaping at 127\.0\.0\.1:1 does not answer .*DB_HOST, DB_PORT/);
    const error: unknown = await attempt.catch((e: unknown) => e);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('open-sesame');
  });

  it.each(['a/b', 'a b', 'a.b', '$a', 'x'.repeat(64)])('is not made of the name %j', (name) => {
    return expect(mongoEngine.migrations(env({ DB_NAME: name }))).rejects.toThrow('DB_NAME');
  });
});
