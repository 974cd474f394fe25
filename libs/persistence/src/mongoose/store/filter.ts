import { foldCase } from '@app/core';
import type { Among, Field } from '@app/core';
import { documentField, foldedField } from './document-mapper';

type Conditions = Record<string, unknown>;
export type Filter = Record<string, unknown>;

/** The longest pattern that MongoDB's regular expressions take, with room for escapes: 32,764 bytes. */
const LONGEST_PATTERN = 10_000;

/** Values of `field` in the records of another kind that match. */
export type Resolve = (among: Among) => Promise<unknown[]>;

/**
 * Conditions as a filter of MongoDB; empty when there are none. `among` is asked for first: a query of its own.
 * @throws Error for an unknown field: a mistake of ours.
 */
export async function toFilter(
  conditions: Conditions | undefined,
  fields: Map<string, Field>,
  resolve: Resolve,
): Promise<Filter> {
  const filter: Filter = {};
  for (const property in conditions) {
    const condition = conditions[property];
    if (condition === undefined) continue;
    if (!fields.has(property)) throw new Error(`unknown field ${property} in a filter`);
    const field = documentField(property);
    if (condition === null || typeof condition !== 'object' || condition instanceof Date) {
      filter[field] = condition;
    } else if ('in' in condition) {
      filter[field] = { $in: condition.in };
    } else if ('not' in condition) {
      filter[field] = { $ne: condition.not };
    } else if ('contains' in condition) {
      filter[foldedField(property)] = contains(condition.contains as string);
    } else if ('among' in condition) {
      filter[field] = { $in: await resolve(condition.among as Among) };
    } else {
      const range = toRange(condition as Conditions);
      if (range) filter[field] = range;
    }
  }
  return filter;
}

function contains(text: string): Filter {
  const folded = foldCase(text);
  if (folded.length > LONGEST_PATTERN) return { $in: [] };
  return { $regex: literally(folded) };
}

/** A pattern that matches this text only, in the dialects of PCRE and RE2. */
function literally(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&').replaceAll('\0', '\\x00');
}

function toRange({ from, to, after, before }: Conditions): Filter | null {
  const range: Filter = {};
  if (from !== undefined) range.$gte = from;
  if (to !== undefined) range.$lte = to;
  if (after !== undefined) range.$gt = after;
  if (before !== undefined) range.$lt = before;
  return Object.keys(range).length > 0 ? range : null;
}

/** Ties are broken by id, in the direction of the last key. */
export function toSort(order: Record<string, 'asc' | 'desc' | undefined> = {}): Record<string, 1 | -1> {
  const sort: Record<string, 1 | -1> = {};
  let last: 1 | -1 = 1;
  for (const [property, direction] of Object.entries(order)) {
    if (direction === undefined) continue;
    last = direction === 'asc' ? 1 : -1;
    sort[documentField(property)] = last;
  }
  if (!('_id' in sort)) sort._id = last;
  return sort;
}
