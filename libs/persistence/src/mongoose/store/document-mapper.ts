import { foldCase, modelOf } from '@app/core';
import type { Entity, EntityClass, Field } from '@app/core';

/** A document as the driver takes and gives it. Null is no value here: a field without one is left out. */
export interface StoredDocument {
  _id: string;
  [property: string]: unknown;
}

/** What an update sets and what it takes out. */
export interface Changes {
  $set: Record<string, unknown>;
  $unset?: Record<string, ''>;
}

/** Field that holds the folded text of a field declared with `search`. */
export function foldedField(property: string): string {
  return `${property}Folded`;
}

/** The name of a property in a document. */
export function documentField(property: string): string {
  return property === 'id' ? '_id' : property;
}

/**
 * Documents to entities and back, compiled once per class. Fields without a value are left out, so that a sparse
 * unique index lets any number of records have none; a filter for null finds what is absent.
 */
export class DocumentMapper<T extends Entity> {
  readonly collection: string;
  readonly fields: Map<string, Field>;
  private readonly properties: { property: string; field: string }[] = [];
  private readonly prototype: object;

  constructor(entity: EntityClass<T>) {
    const model = modelOf(entity);
    this.collection = model.name;
    this.fields = model.fields;
    this.prototype = entity.prototype as object;
    for (const property of model.fields.keys()) this.properties.push({ property, field: documentField(property) });
  }

  toEntity(document: Record<string, unknown>): T {
    const entity = Object.create(this.prototype) as Record<string, unknown>;
    for (let i = 0; i < this.properties.length; i++) {
      const { property, field } = this.properties[i]!;
      entity[property] = document[field] ?? null;
    }
    return entity as unknown as T;
  }

  /** @throws Error for a property that is not stored, or for null where a value has to be: a mistake of ours. */
  toDocument(values: Record<string, unknown>): StoredDocument {
    const { $set } = this.changes(values);
    for (const [property, field] of this.fields) {
      if (!field.nullable && !(documentField(property) in $set)) this.refuseNull(property);
    }
    return $set as StoredDocument;
  }

  /** What is undefined stays as it is. @throws as {@link toDocument} */
  changes(values: Record<string, unknown>): Changes {
    const $set: Record<string, unknown> = {};
    const $unset: Record<string, ''> = {};
    for (const [property, value] of Object.entries(values)) {
      if (value === undefined) continue;
      const field = this.field(property);
      const searchable = field.kind === 'text' && field.search;
      if (value === null) {
        if (!field.nullable) this.refuseNull(property);
        $unset[documentField(property)] = '';
        if (searchable) $unset[foldedField(property)] = '';
      } else {
        const kept = typeof value === 'string' ? storable(value) : value;
        $set[documentField(property)] = kept;
        if (searchable) $set[foldedField(property)] = foldCase(kept as string);
      }
    }
    return Object.keys($unset).length > 0 ? { $set, $unset } : { $set };
  }

  field(property: string): Field {
    const field = this.fields.get(property);
    if (!field) throw new Error(`${this.collection} has no field ${property}`);
    return field;
  }

  private refuseNull(property: string): never {
    throw new Error(`${this.collection}.${property} cannot be null`);
  }
}

/** Text loses NUL, which not every engine can store, and half characters, which none can. */
function storable(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed();
}
