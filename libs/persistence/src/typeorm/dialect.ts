import type { Field } from '@app/core';
import type { ColumnType } from 'typeorm';

/** A column in the words of TypeORM's schema tools. */
export interface Column {
  type: ColumnType;
  length?: number;
  charset?: string;
  collation?: string;
}

/**
 * What a driver error means to a caller: a unique value is taken, a reference leads nowhere, a value does not fit,
 * the database is away; null = nothing in particular.
 */
export type Meaning = 'conflict' | 'dangling' | 'unfit' | 'unavailable' | null;

/** What differs between the SQL engines outside the timeline. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres' | 'mysql';
  quote: (name: string) => string;
  /** The n-th parameter of a statement, from 1. */
  parameter(n: number): string;
  /** Text compares by bytes, so that order and equality are the same everywhere. */
  column(field: Field): Column;
  /** How many parameters a statement may have. */
  readonly maxParameters: number;
  /** What stands behind `IN`: a list of parameters, or one for all where that would be too many. Never empty. */
  list(values: readonly unknown[], bind: (value: unknown) => string): string;
  /** Condition: column `left` holds the text `right` somewhere, compared literally. */
  holds(left: string, right: string): string;
  /** Item of ORDER BY that puts null before every value. */
  order(column: string, direction: 'asc' | 'desc', nullable: boolean): string;
  /** `OFFSET` without a limit. */
  rest(offset: number): string;
  classify(error: unknown): Meaning;
  /** What a driver error says, without any stored value; null for an error of somebody else. */
  describe(error: unknown): string | null;
}

const columnNames = new Map<string, string>();

/** Property to column: `createdAt` is `created_at`. Remembered: every filter and order asks for some. */
export function columnName(property: string): string {
  let name = columnNames.get(property);
  if (name === undefined) {
    name = property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    columnNames.set(property, name);
  }
  return name;
}

/** Column that holds the folded text of a field declared with `search`. */
export function foldedColumn(property: string): string {
  return `${columnName(property)}_folded`;
}

/** The folded text of a field: folding can make it longer than the field may be. */
export function foldedField(field: Field): Field {
  return { kind: 'text', max: 0, nullable: field.nullable, unique: false, search: false };
}
