import { foldCase, modelOf } from '@app/core';
import type { Among, Field, Query } from '@app/core';
import type { Dialect } from './dialect';
import { columnName, foldedColumn } from './dialect';
import { toDatabase } from './row-mapper';

type Conditions = Record<string, unknown>;

/** One SQL statement in the making: text with the dialect's parameters, and their values. */
export class Statement {
  readonly values: unknown[] = [];

  constructor(private readonly dialect: Dialect) {}

  bind(value: unknown): string {
    this.values.push(toDatabase(value));
    return this.dialect.parameter(this.values.length);
  }

  name(property: string): string {
    return this.dialect.quote(columnName(property));
  }

  /** ` WHERE …`, or nothing. */
  where(conditions: Conditions | undefined, fields: Map<string, Field>): string {
    const parts: string[] = [];
    for (const property in conditions) {
      const condition = conditions[property];
      if (condition === undefined) continue;
      if (!fields.has(property)) throw new Error(`unknown field ${property} in a filter`);
      this.condition(property, condition, parts);
    }
    return parts.length > 0 ? ` WHERE ${parts.join(' AND ')}` : '';
  }

  /** ` ORDER BY … LIMIT … OFFSET …`, ties broken by id. */
  tail(
    { order = {}, offset, limit }: Pick<Query<Record<string, unknown>>, 'order' | 'offset' | 'limit'>,
    fields: Map<string, Field>,
  ): string {
    const keys = Object.entries(order).filter(([, direction]) => direction !== undefined);
    const last = keys.at(-1)?.[1] ?? 'asc';
    if (!keys.some(([property]) => property === 'id')) keys.push(['id', last]);
    const items = keys.map(([property, direction]) =>
      this.dialect.order(this.name(property), direction!, fields.get(property)?.nullable ?? false),
    );
    let text = ` ORDER BY ${items.join(', ')}`;
    // Written out, not bound: SQLite plans a statement anew whenever a bound LIMIT is bound again, which costs more than
    // most of what is asked here.
    if (limit !== undefined) text += ` LIMIT ${count(limit)}`;
    if (offset) text += limit === undefined ? this.dialect.rest(Number(count(offset))) : ` OFFSET ${count(offset)}`;
    return text;
  }

  private condition(property: string, condition: unknown, parts: string[]): void {
    const column = this.name(property);
    if (condition === null) {
      parts.push(`${column} IS NULL`);
    } else if (cannotBeStored(condition)) {
      parts.push(NEVER);
    } else if (typeof condition !== 'object' || condition instanceof Date) {
      parts.push(`${column} = ${this.bind(condition)}`);
    } else if ('in' in condition) {
      parts.push(this.oneOf(column, condition.in as readonly unknown[]));
    } else if ('not' in condition) {
      parts.push(condition.not === null ? `${column} IS NOT NULL` : this.differs(column, condition.not));
    } else if ('contains' in condition) {
      const { contains } = condition as { contains: string };
      const searched = this.dialect.quote(foldedColumn(property));
      parts.push(cannotBeStored(contains) ? NEVER : this.dialect.holds(searched, this.bind(foldCase(contains))));
    } else if ('among' in condition) {
      parts.push(`${column} IN (${this.among(condition.among as Among)})`);
    } else {
      this.range(column, condition as Conditions, parts);
    }
  }

  /** Unlike SQL's `IN`, null among the values matches null. */
  private oneOf(column: string, values: readonly unknown[]): string {
    const known = values.filter((value) => value !== null && !cannotBeStored(value)).map(toDatabase);
    const parts = values.includes(null) ? [`${column} IS NULL`] : [];
    if (known.length > 0) parts.push(`${column} IN ${this.dialect.list(known, (value) => this.bind(value))}`);
    return parts.length === 0 ? NEVER : `(${parts.join(' OR ')})`;
  }

  /** Unlike SQL's `<>`, null differs from every value. */
  private differs(column: string, value: unknown): string {
    if (cannotBeStored(value)) return ALWAYS;
    return `(${column} <> ${this.bind(value)} OR ${column} IS NULL)`;
  }

  private among({ entity, field, where }: Among): string {
    const model = modelOf(entity);
    const table = this.dialect.quote(model.name);
    return `SELECT ${this.name(field)} FROM ${table}${this.where(where, model.fields)}`;
  }

  private range(column: string, { from, to, after, before }: Conditions, parts: string[]): void {
    if (from !== undefined) parts.push(`${column} >= ${this.bind(withinReach(from))}`);
    if (to !== undefined) parts.push(`${column} <= ${this.bind(withinReach(to))}`);
    if (after !== undefined) parts.push(`${column} > ${this.bind(withinReach(after))}`);
    if (before !== undefined) parts.push(`${column} < ${this.bind(withinReach(before))}`);
  }
}

const NEVER = '1 = 0';
const ALWAYS = '1 = 1';

/** A text that {@link toDatabase} would change is in no row, nor is a number beyond 53 bits, which not every engine reads. */
function cannotBeStored(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) > Number.MAX_SAFE_INTEGER;
  return typeof value === 'string' && value.includes('\0');
}

/** The end of a range, as far out as stored numbers go. */
function withinReach(value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

/** @throws RangeError for what is no count: it would become part of the statement. */
function count(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not a number of rows`);
  return String(value);
}
