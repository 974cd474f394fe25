import { AppError, modelOf } from '@app/core';
import type { EntityClass, Field } from '@app/core';
import type { mongo } from 'mongoose';
import type { StoredDocument } from './document-mapper';
import type { Filter } from './filter';
import type { Journal } from './journal';

type RefField = Extract<Field, { kind: 'ref' }>;

/** A field of `child` that holds ids of records of another kind. */
interface Reference {
  child: EntityClass;
  field: string;
  parent: string;
  onDelete: RefField['onDelete'];
}

/** Documents that go with those of a collection, by the same id, although no entity describes them. */
export interface Companion {
  of: string;
  collection: string;
}

/** How many ids one filter holds at most. */
const CHUNK = 1000;

/**
 * What foreign keys do elsewhere. MongoDB has none, and a record and what refers to it cannot change in one step, so:
 * whoever stores a reference looks for the other record before and after; whoever deletes a record deletes it first
 * and what refers to it then. Whatever comes in between two steps, one of both sees the other; and what a process
 * leaves that dies in between is found by {@link sweep}, which needs to know nothing of it.
 */
export class References {
  private readonly from = new Map<string, Reference[]>();
  private readonly to = new Map<string, Reference[]>();
  private readonly classes = new Map<string, EntityClass>();

  constructor(
    private readonly db: mongo.Db,
    private readonly journal: Journal,
    entities: readonly EntityClass[],
    private readonly companions: readonly Companion[],
  ) {
    for (const entity of entities) this.add(entity);
  }

  /** @throws AppError `invalid` when a document refers to nothing. */
  async require(entity: EntityClass, documents: readonly Record<string, unknown>[]): Promise<void> {
    if (await this.stillThere(entity, documents)) return;
    throw new AppError('invalid', 'a referenced record does not exist');
  }

  /** Whether everything that the documents refer to exists. */
  async stillThere(entity: EntityClass, documents: readonly Record<string, unknown>[]): Promise<boolean> {
    for (const { field, parent } of this.of(this.from, entity)) {
      const ids = distinct(documents.map((document) => document[field]));
      if ((await this.missing(parent, ids)).length > 0) return false;
    }
    return true;
  }

  /** The references among changed values, or null when there are none. */
  changed(entity: EntityClass, values: Record<string, unknown>): Record<string, unknown> | null {
    const found = this.of(this.from, entity).filter(({ field }) => field in values);
    return found.length > 0 ? Object.fromEntries(found.map(({ field }) => [field, values[field]])) : null;
  }

  /** Deletes what matches, and does to what refers to it as its fields say. @returns how many matched */
  async delete(entity: EntityClass, filter: Filter): Promise<number> {
    const { name } = modelOf(entity);
    const documents = this.db.collection<StoredDocument>(name);
    await this.journal.note(async () => {
      const before = await documents.find(filter).toArray();
      return before.length > 0 ? [{ kind: 'bring back', collection: name, documents: before }] : [];
    });
    const followers = this.of(this.to, entity);
    const companions = this.companions.filter(({ of }) => of === name);
    if (followers.length + companions.length === 0) return (await documents.deleteMany(filter)).deletedCount;

    const ids = (await documents.find(filter, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id);
    let deleted = 0;
    for (const some of chunks(ids)) {
      deleted += (await documents.deleteMany({ $and: [{ _id: { $in: some } }, filter] })).deletedCount;
      await this.follow(entity, await this.missing(name, some));
    }
    return deleted;
  }

  /** Finishes what a process began that died: everything that refers to a record that is gone. */
  async sweepAll(): Promise<void> {
    for (const entity of this.classes.values()) await this.sweep(entity);
    for (const { of, collection } of this.companions) {
      const ids = await this.db.collection<StoredDocument>(collection).distinct('_id');
      for (const some of chunks(ids)) await this.removeCompanions(collection, await this.missing(of, some));
    }
  }

  /** As {@link sweepAll}, for one kind of records. */
  async sweep(entity: EntityClass): Promise<void> {
    const documents = this.db.collection<StoredDocument>(modelOf(entity).name);
    for (const reference of this.of(this.from, entity)) {
      const ids = distinct(await documents.distinct(reference.field, {}));
      for (const some of chunks(ids)) await this.letGo(reference, await this.missing(reference.parent, some));
    }
  }

  private async follow(entity: EntityClass, goneIds: string[]): Promise<void> {
    if (goneIds.length === 0) return;
    const { name } = modelOf(entity);
    for (const reference of this.of(this.to, entity)) await this.letGo(reference, goneIds);
    for (const { of, collection } of this.companions) {
      if (of === name) await this.removeCompanions(collection, goneIds);
    }
  }

  private async letGo({ child, field, onDelete }: Reference, goneIds: string[]): Promise<void> {
    if (goneIds.length === 0) return;
    const filter = { [field]: { $in: goneIds } };
    if (onDelete === 'cascade') {
      await this.delete(child, filter);
      return;
    }
    const { name } = modelOf(child);
    const documents = this.db.collection<StoredDocument>(name);
    await this.journal.note(async () =>
      (await documents.find(filter).toArray()).map((document) => ({
        kind: 'restore',
        collection: name,
        id: document._id,
        before: { [field]: document[field] },
        after: { [field]: null },
      })),
    );
    await documents.updateMany(filter, { $unset: { [field]: '' } });
  }

  private async removeCompanions(collection: string, ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const documents = this.db.collection<StoredDocument>(collection);
    const filter = { _id: { $in: ids } };
    await this.journal.note(async () => {
      const before = await documents.find(filter).toArray();
      return before.length > 0 ? [{ kind: 'bring back', collection, documents: before }] : [];
    });
    await documents.deleteMany(filter);
  }

  private async missing(collection: string, ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const found = await this.db
      .collection<StoredDocument>(collection)
      .find({ _id: { $in: [...ids] } }, { projection: { _id: 1 } })
      .toArray();
    const known = new Set(found.map(({ _id }) => _id));
    return ids.filter((id) => !known.has(id));
  }

  private add(entity: EntityClass): void {
    const { name, fields } = modelOf(entity);
    this.classes.set(name, entity);
    for (const [field, description] of fields) {
      if (description.kind !== 'ref') continue;
      const parent = modelOf(description.target()).name;
      const reference = { child: entity, field, parent, onDelete: description.onDelete };
      this.from.set(name, [...(this.from.get(name) ?? []), reference]);
      this.to.set(parent, [...(this.to.get(parent) ?? []), reference]);
    }
  }

  private of(references: Map<string, Reference[]>, entity: EntityClass): Reference[] {
    return references.get(modelOf(entity).name) ?? [];
  }
}

function distinct(values: readonly unknown[]): string[] {
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}

function* chunks(ids: string[]): Generator<string[]> {
  for (let i = 0; i < ids.length; i += CHUNK) yield ids.slice(i, i + CHUNK);
}
