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
  /** `tuple` in the order of {@link columns}. */
  readonly toEntity: (tuple: Tuple) => T;

  constructor(entity: EntityClass<T>) {
    const model = modelOf(entity);
    this.table = model.name;
    this.fields = model.fields;
    for (const property of model.fields.keys()) this.columns.push(columnName(property));
    this.toEntity = compileReader(entity.prototype as T, model.fields);
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

/**
 * A function of one assignment per field. A loop over the properties takes three times as long (measured), because an
 * assignment by a name that changes has to look for its place each time; and lists are what clients ask for most.
 */
function compileReader<T>(prototype: T, fields: Map<string, Field>): (tuple: Tuple) => T {
  const assignments = Array.from(fields, ([property, { kind }], i) => {
    const value = `tuple[${i}]`;
    return `entity[${JSON.stringify(property)}] = ${value} === null || ${value} === undefined ? null : ${read(kind, value)};`;
  });
  const body = `return (tuple) => { const entity = Object.create(prototype); ${assignments.join(' ')} return entity; }`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- three times as fast as a loop (above); made of property names in our own entities, quoted, and of nothing that comes from outside
  return (new Function('prototype', body) as (prototype: T) => (tuple: Tuple) => T)(prototype);
}

/** JavaScript that reads a value that is there. */
function read(kind: Field['kind'], value: string): string {
  switch (kind) {
    case 'flag':
      return `${value} === true || Number(${value}) === 1`;
    case 'int':
      return `Number(${value})`; // bigint columns come back as text on some engines
    case 'instant':
      return `new Date(Number(${value}))`;
    case 'text':
    case 'ref':
      return value;
  }
}

/** Text loses NUL, which PostgreSQL cannot store, and half characters, which none can. */
export function toDatabase(value: unknown): unknown {
  if (typeof value === 'string') return (value.includes('\0') ? value.replaceAll('\0', '') : value).toWellFormed();
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value;
}
