import { AppError } from '@app/core';

export type QueryParams = Readonly<Record<string, string | undefined>>;

const INTEGER = /^[+-]?\d+$/;
const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/** The most rows that one page has; a larger `limit` is taken as this. */
export const MAX_LIMIT = 1000;

export interface Page {
  /** Counts from 0. */
  page: number;
  limit: number;
  offset: number;
}

interface IntegerOptions {
  min?: number;
  max?: number;
  message: string;
}

/** A whole number, or undefined when absent or empty. @throws AppError `invalid` with `message` */
export function integerParam(query: QueryParams, name: string, { min, max, message }: IntegerOptions) {
  const text = query[name];
  if (text === undefined || text === '') return undefined;
  const value = INTEGER.test(text) ? Number(text) : NaN;
  const fits = Math.abs(value) <= 2 ** 63 && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
  if (!fits) throw new AppError('invalid', message);
  return value;
}

/** @throws AppError `invalid` naming the parameter */
export function flagParam(query: QueryParams, name: string): boolean | undefined {
  const text = query[name];
  if (text === undefined || text === '') return undefined;
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw new AppError('invalid', `Invalid ${name} parameter (must be true or false)`);
}

/** Comma-separated, trimmed, without empty items; undefined when absent. */
export function listParam(query: QueryParams, name: string): string[] | undefined {
  return query[name]
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `page` (from 0) and `limit` (10, at most 1000). @throws AppError `invalid` */
export function pageParams(query: QueryParams): Page {
  const page = integerParam(query, 'page', { min: 0, message: 'Invalid page parameter' }) ?? 0;
  const limit = integerParam(query, 'limit', { min: 1, message: 'Invalid limit parameter' }) ?? 10;
  return pageOf(page, Math.min(limit, MAX_LIMIT));
}

/** A page that starts beyond what can be counted has no rows. */
export function pageOf(page: number, limit: number): Page {
  return { page, limit, offset: Math.min(page * limit, Number.MAX_SAFE_INTEGER) };
}

/** Search text; undefined when absent or empty. */
export function searchParam(query: QueryParams): string | undefined {
  return query.q || undefined;
}
