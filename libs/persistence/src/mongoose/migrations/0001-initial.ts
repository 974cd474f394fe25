import type { mongo } from 'mongoose';
import { CollectionBuilder } from './collection-builder';
import type { Migration } from './migration';

const collection = (name: string) => new CollectionBuilder(name);

const COLLECTIONS = {
  settings: collection('settings').index(['key'], { unique: true }),
  instance_secrets: collection('instance_secrets').index(['name'], { unique: true }),
  users: collection('users').index(['emailKey'], { unique: true }).index(['seat'], { unique: true, sparse: true }),
  sessions: collection('sessions').index(['userId']).index(['expiresAt']),
  login_attempts: collection('login_attempts').index(['key'], { unique: true }).index(['updatedAt']),
  tags: collection('tags').index(['name'], { unique: true }),
  notification_channels: collection('notification_channels').index(['createdAt', 'id']),
  monitors: collection('monitors')
    .index(['pushToken'], { unique: true, sparse: true })
    .index(['createdAt', 'id'])
    .index(['active', 'status']),
  monitor_tags: collection('monitor_tags').index(['monitorId', 'tagId'], { unique: true }).index(['tagId']),
  monitor_notifications: collection('monitor_notifications')
    .index(['monitorId', 'channelId'], { unique: true })
    .index(['channelId']),
  deliveries: collection('deliveries')
    .index(['state', 'dueAt'])
    .index(['monitorId', 'channelId'])
    .index(['source', 'channelId'], { unique: true }),
  monitor_states: collection('monitor_states').index(['key'], { unique: true }).index(['pendingAt'], { sparse: true }),
  // In the order of their ids: monitor, time, nonce. The second index holds important ones only.
  heartbeats: collection('heartbeats').index(['important'], { sparse: true }),
  series_minute: collection('series_minute'),
  series_hour: collection('series_hour'),
  series_day: collection('series_day'),
  counters: collection('counters'),
  transactions: collection('transactions'),
};

/** The first schema: people, configuration, history, outbox. */
export const initial: Migration = {
  name: 'Initial1763900000000',

  async up(db: mongo.Db) {
    for (const builder of Object.values(COLLECTIONS)) await builder.create(db);
  },

  async down(db: mongo.Db) {
    for (const name of Object.keys(COLLECTIONS)) await CollectionBuilder.drop(db, name);
  },
};
