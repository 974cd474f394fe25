import { CollectionBuilder } from './collection-builder';
import type { Migration } from './migration';

export const apiKeys: Migration = {
  name: 'ApiKeys1764000000000',
  up: (db) => new CollectionBuilder('api_keys').index(['userId']).index(['createdAt', 'id']).create(db),
  down: (db) => CollectionBuilder.drop(db, 'api_keys'),
};
