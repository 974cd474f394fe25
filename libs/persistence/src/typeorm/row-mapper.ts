import { foldCase, modelOf } from '@app/core';
import type { Entity, EntityClass, Field } from '@app/core';
import { columnName, foldedColumn } from './dialect';

export type Row = Record<string, unknown>;

/** The values of a row, in the order of the columns asked for. */
export type Tuple = readonly unknown[];

/** Rows to entities and back, compiled once per class. */
export class RowMapper<T extends Entity> {
  readonly table: string;
  readonly columns: string[] = [];
  readonly fields: Map<string, Field>;
  private readonly readers: { property: string; read: (value: unknown) => unknown }[] = [];
  private readonly prototype: object;

  constructor(entity: EntityClass<T>) {
    const model = modelOf(entity);
    this.table = model.name;
    this.fields = model.fields;
    this.prototype = entity.prototype as object;
    for (const [property, field] of model.fields) {
      this.columns.push(columnName(property));
      this.readers.push({ property, read: reader(field) });
    }
  }

  /** `tuple` in the order of {@link columns}. */
  toEntity(tuple: Tuple): T {
    const entity = Object.create(this.prototype) as Record<string, unknown>;
    for (let i = 0; i < this.readers.length; i++) {
      const { property, read } = this.readers[i]!;
      const value = tuple[i];
      entity[property] = value === null || value === undefined ? null : read(value);
    }
    return entity as unknown as T;
  }

  /** Columns and values of the given properties, search columns included. Undefined ones are left out. */
  toRow(values: Record<string, unknown>): Row {
    const row: Row = {};
    for (const [property, value] of Object.entries(values)) {
      if (value === undefined) continue;
      const field = this.field(property);
      row[columnName(property)] = toDatabase(value);
      if (field.kind === 'text' && field.search) {
        row[foldedColumn(property)] = value === null ? null : foldCase(toDatabase(value) as string);
      }
    }
    return row;
  }

  /** @throws Error for a property that is not stored: a mistake of ours, not the caller's. */
  field(property: string): Field {
    const field = this.fields.get(property);
    if (!field) throw new Error(`${this.table} has no field ${property}`);
    return field;
  }
}

function reader(field: Field): (value: unknown) => unknown {
  switch (field.kind) {
    case 'flag':
      return (value) => value === true || Number(value) === 1;
    case 'int':
      return Number; // bigint columns come back as text on some engines
    case 'instant':
      return (value) => new Date(Number(value));
    case 'text':
    case 'ref':
      return (value) => value;
  }
}

/** Text loses NUL, which PostgreSQL cannot store, and half characters, which none can. */
export function toDatabase(value: unknown): unknown {
  if (typeof value === 'string') return (value.includes('\0') ? value.replaceAll('\0', '') : value).toWellFormed();
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value;
}
