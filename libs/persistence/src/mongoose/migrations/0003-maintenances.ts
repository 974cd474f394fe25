import { CollectionBuilder } from './collection-builder';
import type { Migration } from './migration';

/** Maintenance windows and the monitors that they are for. */
export const maintenances: Migration = {
  name: 'Maintenances1764000001000',

  async up(db) {
    await new CollectionBuilder('maintenances').index(['createdAt', 'id']).index(['active']).create(db);
    await new CollectionBuilder('maintenance_monitors')
      .index(['maintenanceId', 'monitorId'], { unique: true })
      .index(['monitorId'])
      .create(db);
  },

  async down(db) {
    for (const name of ['maintenance_monitors', 'maintenances']) await CollectionBuilder.drop(db, name);
  },
};
