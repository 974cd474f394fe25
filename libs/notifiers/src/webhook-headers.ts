import { validateHeaderName } from 'node:http';
import { z } from 'zod';
import { singleLine } from './text';

const headers = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** Decided by the connection, whatever a user writes. */
const NOT_OURS_TO_SET = ['host', 'content-length', 'transfer-encoding', 'connection'];

/** Why a text cannot be used as headers, as the end of a sentence that begins with the field's name; null = it can. */
export function headersFault(text: string): string | null {
  const result = headers.safeParse(parseJson(text));
  if (!result.success) return 'must be a JSON object of strings, numbers or booleans';
  const bad = Object.keys(result.data).find((name) => !isHeaderName(name));
  return bad === undefined ? null : `has '${bad}', which is not a header name`;
}

/** Header names in lower case; null values are left out. Expects a text without {@link headersFault}. */
export function parseHeaders(text: string | undefined): Record<string, string> {
  if (!text) return {};
  const entries = Object.entries(headers.parse(parseJson(text)))
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name, value]) => value !== null && !NOT_OURS_TO_SET.includes(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, singleLine(String(value))]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isHeaderName(name: string): boolean {
  try {
    validateHeaderName(name);
    return true;
  } catch {
    return false;
  }
}
