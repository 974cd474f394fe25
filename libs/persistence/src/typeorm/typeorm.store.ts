import { AppError, Store } from '@app/core';
import type { Clock, Collection, Entity, EntityClass } from '@app/core';
import type { Access } from './access';
import { TypeOrmCollection } from './typeorm.collection';

export class TypeOrmStore extends Store {
  private readonly collections = new Map<EntityClass, unknown>();

  constructor(
    private readonly access: Access,
    private readonly clock: Clock,
  ) {
    super();
  }

  override collection<T extends Entity>(entity: EntityClass<T>): Collection<T> {
    let collection = this.collections.get(entity) as Collection<T> | undefined;
    if (!collection) {
      collection = new TypeOrmCollection(entity, this.access, this.clock);
      this.collections.set(entity, collection);
    }
    return collection;
  }

  override transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.access.transaction(work);
  }

  override async ping(): Promise<void> {
    try {
      await this.access.ping();
    } catch (error) {
      throw new AppError('unavailable', 'The database does not answer', { cause: error });
    }
  }
}
