import { DataSource } from 'typeorm';
import { ENGINES, onEngines } from '../support/engines';
import { openDatabase } from './database';
import { openTemporary, temporaryFolder } from './sqlite';
import type { TestDatabase } from './sqlite';
import { storeContract } from './store.contract';
import { STORE_ENTITIES, Sample, sample } from './store.entities';

onEngines(ENGINES, (engine) =>
  storeContract(async () => {
    const database = await openDatabase(engine, STORE_ENTITIES);
    await database.synchronize();
    return database;
  }),
);

describe('Store on SQLite, when the engine rolls a transaction back by itself', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openTemporary(STORE_ENTITIES);
    await database.writer.synchronize();
    // As a full disk does.
    await database.writer.query(`CREATE TRIGGER full BEFORE INSERT ON samples WHEN NEW.name = 'too much'
      BEGIN SELECT RAISE(ROLLBACK, 'disk is full'); END`);
  });

  afterAll(() => database.close());

  it('says why, and commits the next one', async () => {
    const { store } = database;
    const samples = store.collection(Sample);

    const failing = store.transaction(async () => {
      await samples.insert(sample({ name: 'first' }));
      await samples.insert(sample({ name: 'too much' }));
    });
    await expect(failing).rejects.toThrow('disk is full');
    await store.transaction(() => samples.insert(sample({ name: 'second' })));
    await expect(store.transaction(() => Promise.reject(new Error('boom')))).rejects.toThrow('boom');
    await samples.insert(sample({ name: 'third' }));

    // The reader has a connection of its own: it sees only what is committed.
    const names = (await samples.find()).map(({ name }) => name);
    expect(names).toEqual(['second', 'third']);
  });
});

/** Why the store has a gate: without it, the sequences above lose writes that were acknowledged. */
describe('TypeORM alone on SQLite', () => {
  it('loses the write of a bystander when a transaction that was open meanwhile fails', async () => {
    const folder = temporaryFolder();
    const source = await new DataSource({ type: 'better-sqlite3', database: `${folder.path}/raw.db` }).initialize();
    try {
      await source.query('CREATE TABLE names (name TEXT)');
      const failing = source.transaction(async (manager) => {
        await manager.query("INSERT INTO names VALUES ('failing')");
        await source.query("INSERT INTO names VALUES ('bystander')"); // resolves: its caller believes it stored
        throw new Error('boom');
      });

      await expect(failing).rejects.toThrow('boom');
      await expect(source.query('SELECT * FROM names')).resolves.toEqual([]);
    } finally {
      await source.destroy();
      folder.remove();
    }
  });
});
