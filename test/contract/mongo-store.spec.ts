import { toSchema } from '@app/persistence/mongoose';
import { describeMongo, openTemporaryMongo } from './mongo';
import { storeContract } from './store.contract';
import { STORE_ENTITIES } from './store.entities';

describeMongo('MongoDB', () => {
  storeContract(async () => {
    const { store, clock, connection, close } = await openTemporaryMongo(STORE_ENTITIES);
    // The test's own collections: no migration knows them.
    for (const entity of STORE_ENTITIES) await connection.model(entity.name, toSchema(entity)).createIndexes();
    return { store, clock, transactions: false, close };
  });
});
