import { CollectionBuilder } from './collection-builder';
import type { Migration } from './migration';

export const audit: Migration = {
  name: 'Audit1764000003000',
  up: (db) =>
    new CollectionBuilder('audit_entries')
      .index(['resource', 'resourceId', 'id'])
      .index(['principalId', 'id'])
      .create(db),
  down: (db) => CollectionBuilder.drop(db, 'audit_entries'),
};
