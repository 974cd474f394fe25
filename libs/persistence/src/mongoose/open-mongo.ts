import type { Clock, EntityClass } from '@app/core';
import type { Connection, mongo } from 'mongoose';
import type { DatabaseEnv } from '../engine';
import { databaseOf, openConnection } from './connection';
import { MongoMigrations } from './mongo-migrations';
import { MongoStore } from './store/mongo.store';
import type { MongoStoreOptions } from './store/mongo.store';
import { STATES } from './timeline/documents';
import { MongoTimeline } from './timeline/mongo.timeline';

export interface MongoPorts {
  store: MongoStore;
  timeline: MongoTimeline;
}

/** The ports on an open database. */
export function mongoPorts(
  db: mongo.Db,
  entities: readonly EntityClass[],
  clock: Clock,
  options: Pick<MongoStoreOptions, 'leaseMs'> = {},
): MongoPorts {
  const companions = [{ of: 'monitors', collection: STATES }];
  const store = new MongoStore({ db, entities, companions, clock, ...options });
  return { store, timeline: new MongoTimeline({ db, journal: store.journal, clock }) };
}

export function migrationsOf(connection: Connection): MongoMigrations {
  return new MongoMigrations(databaseOf(connection), () => connection.close());
}

export interface OpenMongo extends MongoPorts {
  connection: Connection;
  db: mongo.Db;
  close(): Promise<void>;
}

/** Everything at once, without Nest: for tests and command-line tools. */
export async function openMongo(env: DatabaseEnv, entities: readonly EntityClass[], clock: Clock): Promise<OpenMongo> {
  const connection = await openConnection(env);
  try {
    await migrationsOf(connection).ensure(env.DB_MIGRATE);
  } catch (error) {
    await connection.close();
    throw error;
  }
  const db = databaseOf(connection);
  return { ...mongoPorts(db, entities, clock), connection, db, close: () => connection.close() };
}
