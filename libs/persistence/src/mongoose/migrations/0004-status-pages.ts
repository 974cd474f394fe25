import { CollectionBuilder } from './collection-builder';
import type { Migration } from './migration';

/** Status pages, the monitors that they show and the domains under which they are shown. */
export const statusPages: Migration = {
  name: 'StatusPages1764000002000',

  async up(db) {
    await new CollectionBuilder('status_pages').index(['slug'], { unique: true }).index(['createdAt', 'id']).create(db);
    await new CollectionBuilder('status_page_monitors')
      .index(['statusPageId', 'monitorId'], { unique: true })
      .index(['monitorId'])
      .create(db);
    await new CollectionBuilder('status_page_domains')
      .index(['domain'], { unique: true })
      .index(['statusPageId'])
      .create(db);
  },

  async down(db) {
    for (const name of ['status_page_domains', 'status_page_monitors', 'status_pages']) {
      await CollectionBuilder.drop(db, name);
    }
  },
};
