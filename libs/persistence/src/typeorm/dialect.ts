import type { Field } from '@app/core';
import type { ColumnType } from 'typeorm';

/** What differs between the SQL engines outside the timeline. */
export interface Dialect {
  quote: (name: string) => string;
  /** The n-th parameter of a statement, from 1. */
  parameter(n: number): string;
  column(field: Field): { type: ColumnType; length?: number };
  /** How many parameters a statement may have. */
  readonly maxParameters: number;
  /** What stands behind `IN`: a list of parameters, or one for all where that would be too many. Never empty. */
  list(values: readonly unknown[], bind: (value: unknown) => string): string;
  /** Condition: column `left` holds the text `right` somewhere, compared literally. */
  holds(left: string, right: string): string;
  /** What a driver error means to a caller; null = nothing in particular. */
  classify(error: unknown): 'conflict' | 'invalid' | 'unavailable' | null;
}

/** Property to column: `createdAt` is `created_at`. */
export function columnName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Column that holds the folded text of a field declared with `search`. */
export function foldedColumn(property: string): string {
  return `${columnName(property)}_folded`;
}
