import { modelOf } from '@app/core';
import type { EntityClass, Field } from '@app/core';
import { EntitySchema } from 'typeorm';
import type { EntitySchemaColumnOptions } from 'typeorm';
import type { Dialect } from './dialect';
import { columnName, foldedColumn, foldedField } from './dialect';

/** TypeORM's view of the entities: what its schema tools compare a migrated database with. */
export function toEntitySchemas(entities: readonly EntityClass[], dialect: Dialect): EntitySchema[] {
  return entities.map((entity) => toEntitySchema(entity, dialect));
}

function toEntitySchema(entity: EntityClass, dialect: Dialect): EntitySchema {
  const { name, fields, indexes } = modelOf(entity);
  const columns: Record<string, EntitySchemaColumnOptions> = {};
  for (const [property, field] of fields) {
    columns[property] = {
      name: columnName(property),
      ...dialect.column(field),
      nullable: field.nullable,
      primary: property === 'id',
    };
    if (field.kind === 'text' && field.search) {
      const column = dialect.column(foldedField(field));
      columns[foldedColumn(property)] = { ...column, nullable: field.nullable, select: false };
    }
  }
  const uniques = [...fields].filter(([, field]) => field.unique).map(([property]) => [property]);
  const all = [...indexes, ...uniques.map((unique) => ({ fields: unique, unique: true }))];
  return new EntitySchema({
    name,
    tableName: name,
    columns,
    indices: all.map((index) => ({
      name: indexName(name, index.fields),
      columns: index.fields,
      unique: index.unique,
    })),
    foreignKeys: [...fields].flatMap(([property, field]) => foreignKey(name, property, field)),
  });
}

function foreignKey(table: string, property: string, field: Field) {
  if (field.kind !== 'ref') return [];
  return [
    {
      name: foreignKeyName(table, property),
      target: modelOf(field.target()).name,
      columnNames: [property],
      referencedColumnNames: ['id'],
      onDelete: field.onDelete === 'cascade' ? ('CASCADE' as const) : ('SET NULL' as const),
    },
  ];
}

export function indexName(table: string, properties: readonly string[]): string {
  return `${table}_${properties.map(columnName).join('_')}_idx`;
}

export function foreignKeyName(table: string, property: string): string {
  return `${table}_${columnName(property)}_fk`;
}
