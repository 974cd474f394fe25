import { Store } from '@app/core';
import type { Collection, New } from '@app/core';
import { Injectable } from '@nestjs/common';
import { Tag } from './tag.entity';

export interface TagPage {
  offset: number;
  limit: number;
  /** Matches anywhere in the name, in any letter case. */
  search?: string;
}

@Injectable()
export class TagsRepository {
  private readonly tags: Collection<Tag>;

  constructor(store: Store) {
    this.tags = store.collection(Tag);
  }

  /** By name. */
  findPage({ offset, limit, search }: TagPage): Promise<Tag[]> {
    const where = search === undefined ? {} : { name: { contains: search } };
    return this.tags.find({ where, order: { name: 'asc' }, offset, limit });
  }

  findById(id: string): Promise<Tag | null> {
    return this.tags.findOne({ id: id.toLowerCase() });
  }

  /** How many of the ids are tags. */
  countByIds(ids: readonly string[]): Promise<number> {
    return this.tags.count({ id: { in: ids } });
  }

  nameIsTaken(name: string, exceptId: string): Promise<boolean> {
    return this.tags.count({ name, id: { not: exceptId.toLowerCase() } }).then((count) => count > 0);
  }

  insert(values: New<Tag>): Promise<Tag> {
    return this.tags.insert(values);
  }

  /** @returns false when there is no such tag. */
  async update(id: string, changes: Partial<New<Tag>>): Promise<boolean> {
    return (await this.tags.update({ id: id.toLowerCase() }, changes)) > 0;
  }

  async delete(id: string): Promise<void> {
    await this.tags.delete({ id: id.toLowerCase() });
  }
}
