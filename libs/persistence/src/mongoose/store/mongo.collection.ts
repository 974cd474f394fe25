import { AppError, modelOf, newId } from '@app/core';
import type { Among, Collection, Entity, EntityClass, New, Query, Where } from '@app/core';
import { mongo } from 'mongoose';
import { translated } from '../errors';
import { DocumentMapper, documentField } from './document-mapper';
import type { Changes, StoredDocument } from './document-mapper';
import type { Filter } from './filter';
import { toFilter, toSort } from './filter';
import type { Journal } from './journal';
import type { References } from './references';

export interface CollectionContext {
  db: mongo.Db;
  references: References;
  journal: Journal;
  now(): number;
}

/** Documents go through the driver's own collection: mongoose's hydrated documents cost more than the query. */
export class MongoCollection<T extends Entity> implements Collection<T> {
  private readonly mapper: DocumentMapper<T>;
  private readonly documents: mongo.Collection<StoredDocument>;

  constructor(
    private readonly entity: EntityClass<T>,
    private readonly context: CollectionContext,
  ) {
    this.mapper = new DocumentMapper(entity);
    this.documents = context.db.collection(this.mapper.collection);
  }

  async insert(values: New<T>): Promise<T> {
    const [entity] = await this.insertMany([values]);
    return entity!;
  }

  insertMany(values: readonly New<T>[]): Promise<T[]> {
    return this.context.journal.write(async () => {
      if (values.length === 0) return [];
      const now = new Date(this.context.now());
      const documents = values.map((value) =>
        this.mapper.toDocument({ ...value, id: value.id ?? newId(+now), createdAt: now, updatedAt: now }),
      );
      await this.context.references.require(this.entity, documents);
      const ids = documents.map(({ _id }) => _id);
      await this.context.journal.note(() => [
        { kind: 'remove', collection: this.mapper.collection, ids, createdAt: now },
      ]);
      await this.store(documents);
      if (!(await this.context.references.stillThere(this.entity, documents))) {
        await this.remove(documents);
        throw new AppError('invalid', 'a referenced record does not exist');
      }
      return documents.map((document) => this.mapper.toEntity(document));
    });
  }

  find(query: Query<T> = {}): Promise<T[]> {
    return translated(async () => {
      if (query.limit === 0) return []; // which MongoDB takes for no limit
      const cursor = this.documents.find(await this.filter(query.where), { sort: toSort(query.order) });
      if (query.offset) cursor.skip(query.offset);
      if (query.limit !== undefined) cursor.limit(query.limit);
      return (await cursor.toArray()).map((document) => this.mapper.toEntity(document));
    });
  }

  async findOne(where: Where<T>): Promise<T | null> {
    const [entity] = await this.find({ where, limit: 1 });
    return entity ?? null;
  }

  count(where: Where<T> = {}): Promise<number> {
    return translated(async () => this.documents.countDocuments(await this.filter(where)));
  }

  update(where: Where<T>, changes: Partial<New<T>>): Promise<number> {
    return this.context.journal.write(async () => {
      const filter = await this.narrow(where);
      const update = this.mapper.changes({ ...changes, updatedAt: new Date(this.context.now()) });
      const references = this.context.references.changed(this.entity, update.$set);
      if (references) await this.context.references.require(this.entity, [references]);
      await this.noteUpdate(filter, update);
      const { matchedCount } = await this.documents.updateMany(filter, update);
      if (references && !(await this.context.references.stillThere(this.entity, [references]))) {
        await this.context.references.sweep(this.entity);
      }
      return matchedCount;
    });
  }

  delete(where: Where<T>): Promise<number> {
    return this.context.journal.write(async () => {
      const filter = await this.narrow(where);
      return this.context.references.delete(this.entity, filter);
    });
  }

  /** All or none, as far as one process can see to it: what was stored before the refused one is removed again. */
  private async store(documents: StoredDocument[]): Promise<void> {
    try {
      await this.documents.insertMany(documents, { ordered: true });
    } catch (error) {
      if (error instanceof mongo.MongoBulkWriteError) {
        const refused = [error.writeErrors].flat()[0]?.index ?? error.insertedCount;
        await this.remove(documents.slice(0, refused));
      }
      throw error;
    }
  }

  private async remove(documents: readonly StoredDocument[]): Promise<void> {
    if (documents.length > 0) await this.documents.deleteMany({ _id: { $in: documents.map(({ _id }) => _id) } });
  }

  private noteUpdate(filter: Filter, { $set, $unset = {} }: Changes): Promise<void> {
    return this.context.journal.note(async () => {
      const fields = [...Object.keys($set), ...Object.keys($unset)];
      const before = await this.documents.find(filter).toArray();
      return before.map((document) => ({
        kind: 'restore',
        collection: this.mapper.collection,
        id: document._id,
        before: Object.fromEntries(fields.filter((field) => field in document).map((f) => [f, document[f]])),
        after: { ...$set, ...Object.fromEntries(Object.keys($unset).map((field) => [field, null])) },
      }));
    });
  }

  private filter(where: Where<T> | undefined): Promise<Filter> {
    return toFilter(where, this.mapper.fields, (among) => this.among(among));
  }

  private async among({ entity, field, where }: Among): Promise<unknown[]> {
    const { name, fields } = modelOf(entity);
    const filter = await toFilter(where, fields, (inner) => this.among(inner));
    return this.context.db.collection(name).distinct(documentField(field), filter);
  }

  /** An empty filter would change everything: that is never meant. */
  private async narrow(where: Where<T>): Promise<Filter> {
    const filter = await this.filter(where);
    if (Object.keys(filter).length > 0) return filter;
    throw new Error(`refused to change all of ${this.mapper.collection}: the filter is empty`);
  }
}
