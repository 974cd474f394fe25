import { AppError } from '@app/core';
import { LRUCache } from 'lru-cache';
import type { z } from 'zod';
import { endOfValue } from './gjson/scanner';
import { describeIssues } from './issues';

export interface ParseOptions {
  /** Refuse unknown keys: on save. At check time they are ignored, so that a newer config outlives a downgrade. */
  strict: boolean;
}

type Fields = Record<string, unknown>;

/** Names of the keys by their lower-case form, once per schema. */
const keyNames = new WeakMap<z.ZodObject, Map<string, string>>();

/**
 * Reads the JSON text of a monitor's config. Only the first JSON value counts; keys match in any case, exact ones
 * included; `null` is the same as absent; of a repeated key the last one wins; nothing is coerced.
 * @throws AppError `invalid` with one sentence per field
 */
export function readConfig<Schema extends z.ZodObject>(
  schema: Schema,
  text: string,
  { strict }: ParseOptions,
): z.output<Schema> {
  const { fields, unknown } = normalize(firstValue(text), schema);
  const result = schema.safeParse(fields);
  const problems = strict ? unknown.map((key) => `unknown key ${JSON.stringify(key)}`) : [];
  if (!result.success) problems.push(...describeIssues(result.error.issues, fields));
  if (problems.length > 0 || !result.success) throw invalidConfig(problems.join('; '));
  Object.freeze(result.data); // it may be shared
  return result.data;
}

export function invalidConfig(problem: string): AppError {
  return new AppError('invalid', `Invalid monitor configuration: ${problem}`);
}

/** For check time: the same text comes back every interval, and PEM and header texts are long. */
export class ConfigCache {
  private readonly parsed = new LRUCache<string, Fields>({
    max: 50_000,
    maxSize: 32 * 1024 * 1024, // characters
    sizeCalculation: (_fields, key) => key.length,
  });

  get<Schema extends z.ZodObject>(type: string, schema: Schema, text: string): z.output<Schema> {
    const key = `${type} ${text}`;
    const known = this.parsed.get(key);
    if (known) return known as z.output<Schema>;
    const config = readConfig(schema, text, { strict: false });
    this.parsed.set(key, config);
    return config;
  }
}

function firstValue(text: string): Fields {
  const end = endOfValue(text, 0);
  if (end < 0) throw invalidConfig('config must be a JSON object');
  const value: unknown = JSON.parse(text.slice(0, end));
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw invalidConfig('config must be a JSON object');
  return value as Fields;
}

function normalize(given: Fields, schema: z.ZodObject): { fields: Fields; unknown: string[] } {
  const names = namesOf(schema);
  const fields: Fields = {};
  const unknown: string[] = [];
  for (const [key, value] of Object.entries(given)) {
    const name = Object.hasOwn(schema.shape, key) ? key : names.get(key.toLowerCase());
    if (name === undefined) unknown.push(key);
    else if (value === null) delete fields[name];
    else fields[name] = value;
  }
  return { fields, unknown };
}

function namesOf(schema: z.ZodObject): Map<string, string> {
  let names = keyNames.get(schema);
  if (!names) {
    names = new Map(Object.keys(schema.shape).map((key) => [key.toLowerCase(), key]));
    keyNames.set(schema, names);
  }
  return names;
}
