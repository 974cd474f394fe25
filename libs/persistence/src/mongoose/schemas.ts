import { modelOf } from '@app/core';
import type { EntityClass, Field } from '@app/core';
import { Schema } from 'mongoose';
import type { SchemaDefinition } from 'mongoose';
import { documentField, foldedField } from './store/document-mapper';

export interface IndexDefinition {
  name: string;
  keys: Record<string, 1>;
  unique?: true;
  sparse?: true;
}

const TYPES = { text: String, ref: String, int: Number, flag: Boolean, instant: Date } as const;

/** Mongoose's view of an entity: what its collection holds, and its indexes. */
export function toSchema(entity: EntityClass): Schema {
  const { name, fields } = modelOf(entity);
  const definition: Record<string, unknown> = {};
  for (const [property, field] of fields) {
    definition[documentField(property)] = { type: TYPES[field.kind], required: !field.nullable };
    if (field.kind === 'text' && field.search) definition[foldedField(property)] = { type: String };
  }
  const schema = new Schema(definition as SchemaDefinition, {
    collection: name,
    versionKey: false,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
  });
  for (const { keys, ...options } of indexesOf(entity)) schema.index(keys, options);
  return schema;
}

/**
 * The indexes that an entity asks for, and one for each reference: without it, whatever deletes the other record looks
 * through the whole collection. A unique field that may be null is indexed sparsely: null is left out of documents.
 * @throws Error for a unique index over several fields of which one may be null: no kind of index does that here
 */
export function indexesOf(entity: EntityClass): IndexDefinition[] {
  const { name, fields, indexes } = modelOf(entity);
  const all: IndexDefinition[] = [];
  const add = (properties: readonly string[], unique: boolean, sparse: boolean) =>
    all.push({
      name: indexName(name, properties),
      keys: Object.fromEntries(properties.map((property) => [documentField(property), 1 as const])),
      ...(unique && { unique }),
      ...(sparse && { sparse }),
    });
  for (const { fields: properties, unique } of indexes) {
    const nullable = properties.find((property) => (fields.get(property) as Field).nullable);
    if (unique && nullable) throw new Error(`${name}: ${nullable} may be null, so it cannot be in a unique index`);
    add(properties, unique, false);
  }
  for (const [property, field] of fields) {
    if (field.unique) add([property], true, field.nullable);
    else if (field.kind === 'ref' && !indexes.some(({ fields: [first] }) => first === property)) {
      add([property], false, false);
    }
  }
  return all;
}

export function indexName(collection: string, properties: readonly string[]): string {
  return `${collection}_${properties.join('_')}`;
}
