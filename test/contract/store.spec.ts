import { DataSource } from 'typeorm';
import { openTemporary, temporaryFolder } from './sqlite';
import { storeContract } from './store.contract';
import { STORE_ENTITIES } from './store.entities';

storeContract('SQLite', async () => {
  const { store, clock, writer, close } = await openTemporary(STORE_ENTITIES);
  await writer.synchronize(); // the test's own tables: no migration knows them
  return { store, clock, transactions: true, close };
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
