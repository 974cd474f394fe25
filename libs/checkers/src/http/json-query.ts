import { isDeepStrictEqual } from 'node:util';
import { findByPath } from '../gjson/gjson';
import { isJson } from '../gjson/scanner';
import { kindOf, stringContent } from '../gjson/values';
import type { Raw } from '../gjson/values';
import type { HttpConfig } from './http.config';

export type JsonQuery = Pick<HttpConfig, 'json_query' | 'json_condition' | 'expected_value'>;

/** A query that cannot be answered. */
export class JsonQueryError extends Error {}

/**
 * Whether a body is what the query expects. Without a query the whole body is compared.
 * @throws JsonQueryError, QueryTooExpensive
 */
export function satisfiesJsonQuery(body: string, query: JsonQuery): boolean {
  const { json_query: path, json_condition: condition, expected_value: expected } = query;
  if (path === '') return wholeBodyMatches(body, condition, expected);
  const value = findByPath(body, path);
  if (value === undefined) throw new JsonQueryError(`JSON query path not found: ${path}`);
  return (expected === '' && condition === '') || compareTexts(textOf(value), condition, expected);
}

function wholeBodyMatches(body: string, condition: string, expected: string): boolean {
  if (expected === '') return condition === '' || compareTexts(body, condition, '');
  const json = isJson(body) && isJson(expected);
  if (condition !== '' && condition !== '==' && condition !== '!=') {
    const comparison = json ? 'full JSON' : 'non-JSON';
    throw new JsonQueryError(
      `unsupported condition '${condition}' for ${comparison} comparison: only '==' and '!=' are supported`,
    );
  }
  const equal = json ? isDeepStrictEqual(JSON.parse(body), JSON.parse(expected)) : body === expected;
  return equal === (condition !== '!=');
}

/** Strings without quotes, null as nothing, numbers plainly, objects and arrays as they are written in the body. */
export function textOf(raw: Raw): string {
  switch (kindOf(raw)) {
    case 'string':
      return stringContent(raw);
    case 'null':
      return '';
    case 'number':
      return /^-?\d+$/.test(raw) ? raw : plainDecimal(Number(raw)); // integers keep digits that a double would lose
    default:
      return raw;
  }
}

/** Equality is textual; order is numeric when both sides are numbers, else that of the bytes. */
function compareTexts(actual: string, condition: string, expected: string): boolean {
  if (condition === '' || condition === '==') return actual === expected;
  if (condition === '!=') return actual !== expected;
  const difference =
    isNumber(actual) && isNumber(expected)
      ? Number(actual) - Number(expected)
      : Buffer.compare(Buffer.from(actual), Buffer.from(expected));
  switch (condition) {
    case '>':
      return difference > 0;
    case '<':
      return difference < 0;
    case '>=':
      return difference >= 0;
    default:
      return difference <= 0;
  }
}

function isNumber(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
}

/** The shortest digits that give the same double, without an exponent: 1e21 has 22 of them. */
function plainDecimal(value: number): string {
  const [, sign = '', whole = '', fraction = '', exponent] = /^(-?)(\d+)\.?(\d*)e([+-]\d+)$/.exec(String(value)) ?? [];
  if (exponent === undefined) return String(value);
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, '0');
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
