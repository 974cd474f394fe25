import { AppError } from '@app/core';
import type { z } from 'zod';

type Document = Record<string, unknown>;

/** Keys that clients store inside `config` although they belong to the channel. */
const CHANNEL_KEYS = ['name', 'type'];

/**
 * The config of a channel from its JSON text. Keys match in any letter case, `null` and "" count as absent, and keys
 * that only other providers know are ignored: clients send what is left of the provider chosen before.
 * @throws AppError `invalid` with one sentence per field, or with what is wrong with the document
 */
export function parseConfig<Schema extends z.ZodObject>(
  schema: Schema,
  text: string,
  knownKeys: ReadonlySet<string>,
): z.output<Schema> {
  const document = parseDocument(text);
  const values = pick(document, Object.keys(schema.shape));
  const result = schema.safeParse(values);
  const faults = (result.error?.issues ?? []).map((issue) => describe(issue, values));
  const mistyped = faults.filter(({ type }) => type === 'type');
  if (mistyped.length > 0) throw invalid(`failed to parse config: ${sentences(mistyped)}`);

  const unknown = Object.keys(document).filter((key) => !isKnown(key, knownKeys));
  const all = [...faults, ...unknown.map((key): Fault => ({ type: 'rule', text: `${key} is not a known key` }))];
  if (!result.success || all.length > 0) throw invalid(sentences(all));
  return result.data;
}

/** Keys that a config may have: those of the given schemas, in lower case, and those of the channel itself. */
export function keysOf(schemas: readonly z.ZodObject[]): Set<string> {
  const keys = schemas.flatMap((schema) => Object.keys(schema.shape));
  return new Set([...CHANNEL_KEYS, ...keys.map((key) => key.toLowerCase())]);
}

function isKnown(key: string, knownKeys: ReadonlySet<string>): boolean {
  return knownKeys.has(key.toLowerCase());
}

function invalid(detail: string): AppError {
  return new AppError('invalid', `Invalid config: ${detail}`);
}

/** The parser's own words are left out: they quote the document, which holds secrets. */
function parseDocument(text: string): Document {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const cut = text.trim() === '' || (error as Error).message.startsWith('Unexpected end');
    throw invalid(`failed to parse config: ${cut ? 'unexpected end of JSON input' : 'not a valid JSON document'}`);
  }
  if (document === null) return {};
  if (typeof document !== 'object' || Array.isArray(document)) {
    throw invalid('failed to parse config: a JSON object is expected');
  }
  return document as Document;
}

/** The present values of `keys`; the exact spelling wins over another one. */
function pick(document: Document, keys: readonly string[]): Document {
  const present = Object.entries(document).filter(([, value]) => value !== null && value !== '');
  const byLowerCase = new Map(present.map(([key, value]) => [key.toLowerCase(), value]));
  const exact = new Map(present);
  const values = keys.map((key) => [key, exact.get(key) ?? byLowerCase.get(key.toLowerCase())] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

interface Fault {
  /** A value of the wrong JSON type keeps the document from being read at all; the rules come after that. */
  type: 'type' | 'rule';
  text: string;
}

function sentences(faults: readonly Fault[]): string {
  return faults.map(({ text }) => text).join('; ');
}

function describe(issue: z.core.$ZodIssue, values: Document): Fault {
  const key = String(issue.path[0]);
  const missing = !(key in values);
  const rule = (text: string): Fault => ({ type: 'rule', text: `${key} ${text}` });
  switch (issue.code) {
    case 'invalid_type':
      return missing ? rule('is required') : { type: 'type', text: `${key} must be ${typeName(issue.expected)}` };
    case 'invalid_value':
      if (missing) return rule('is required');
      if (typeof values[key] !== 'string') return { type: 'type', text: `${key} must be a string` };
      return rule(`must be one of ${issue.values.join(', ')}`);
    case 'too_small':
      return rule(`must be at least ${issue.minimum}`);
    case 'too_big':
      return rule(`must be at most ${issue.maximum}`);
    default:
      return rule(issue.message);
  }
}

function typeName(expected: string): string {
  if (expected === 'string' || expected === 'boolean') return `a ${expected}`;
  return 'an integer';
}
