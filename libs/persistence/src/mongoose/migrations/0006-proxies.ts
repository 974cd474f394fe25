import { CollectionBuilder } from './collection-builder';
import { indexName } from '../schemas';
import type { Migration } from './migration';

/** Proxies, and which one a monitor uses. */
export const proxies: Migration = {
  name: 'Proxies1764000004000',

  async up(db) {
    await new CollectionBuilder('proxies').index(['createdAt', 'id']).create(db);
    await new CollectionBuilder('monitors').index(['proxyId']).create(db);
  },

  async down(db) {
    await db.collection('monitors').dropIndex(indexName('monitors', ['proxyId']));
    await CollectionBuilder.drop(db, 'proxies');
  },
};
