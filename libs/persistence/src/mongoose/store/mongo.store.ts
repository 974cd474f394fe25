import { Store } from '@app/core';
import type { Clock, Collection, Entity, EntityClass } from '@app/core';
import type { mongo } from 'mongoose';
import { translate } from '../errors';
import { Journal } from './journal';
import { MongoCollection } from './mongo.collection';
import type { Companion } from './references';
import { References } from './references';

export interface MongoStoreOptions {
  db: mongo.Db;
  entities: readonly EntityClass[];
  companions: readonly Companion[];
  clock: Clock;
  /** See {@link Journal}. */
  leaseMs?: number;
}

export class MongoStore extends Store {
  readonly journal: Journal;
  private readonly references: References;
  private readonly collections = new Map<EntityClass, unknown>();

  constructor(private readonly options: MongoStoreOptions) {
    super();
    const { db, entities, companions, leaseMs } = options;
    this.journal = new Journal(db, leaseMs);
    this.references = new References(db, this.journal, entities, companions);
  }

  override collection<T extends Entity>(entity: EntityClass<T>): Collection<T> {
    let collection = this.collections.get(entity) as Collection<T> | undefined;
    if (!collection) {
      collection = new MongoCollection(entity, {
        db: this.options.db,
        references: this.references,
        journal: this.journal,
        now: () => this.options.clock.now(),
      });
      this.collections.set(entity, collection);
    }
    return collection;
  }

  override transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.journal.transaction(work);
  }

  override async ping(): Promise<void> {
    try {
      await this.options.db.command({ ping: 1 });
    } catch (error) {
      throw translate(error);
    }
  }

  /** Finishes, or takes back, what processes began that died. */
  async recover(): Promise<void> {
    await this.journal.recover();
    await this.references.sweepAll();
  }
}
