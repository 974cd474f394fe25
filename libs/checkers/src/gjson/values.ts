import type { Budget } from './budget';
import { endOfString, endOfValue, skipSpace } from './scanner';

/**
 * A JSON value is the text it has in its document, without white space around it: that text is what users compare
 * with. Everything here expects such a text, of a document that was found to be JSON.
 */
export type Raw = string;

export type Kind = 'object' | 'array' | 'string' | 'number' | 'true' | 'false' | 'null';

export function kindOf(raw: Raw): Kind {
  switch (raw[0]) {
    case '{':
      return 'object';
    case '[':
      return 'array';
    case '"':
      return 'string';
    case 't':
      return 'true';
    case 'f':
      return 'false';
    case 'n':
      return 'null';
    default:
      return 'number';
  }
}

export function isContainer(raw: Raw): boolean {
  return raw[0] === '{' || raw[0] === '[';
}

/** The content of a string. */
export function stringContent(raw: Raw): string {
  return raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
}

/** The values in an array, in order. */
export function* elementsOf(raw: Raw, budget: Budget): Generator<Raw> {
  for (let at = skipSpace(raw, 1); raw[at] !== ']';) {
    const end = endOfValue(raw, at);
    budget.spend(end - at + 1);
    yield raw.slice(at, end);
    at = nextItem(raw, end);
  }
}

export interface Member {
  /** With its quotes. */
  key: Raw;
  value: Raw;
}

/** The members of an object, in order, repeated keys included. */
export function* membersOf(raw: Raw, budget: Budget): Generator<Member> {
  for (let at = skipSpace(raw, 1); raw[at] !== '}';) {
    const keyEnd = endOfString(raw, at);
    const start = skipSpace(raw, skipSpace(raw, keyEnd) + 1);
    const end = endOfValue(raw, start);
    budget.spend(end - at + 1);
    yield { key: raw.slice(at, keyEnd), value: raw.slice(start, end) };
    at = nextItem(raw, end);
  }
}

/** What an array or an object holds; nothing for a scalar. */
export function* childrenOf(raw: Raw, budget: Budget): Generator<Raw> {
  if (raw[0] === '[') yield* elementsOf(raw, budget);
  else if (raw[0] === '{') for (const { value } of membersOf(raw, budget)) yield value;
}

export function arrayOf(items: readonly Raw[], budget: Budget): Raw {
  const raw = `[${items.join(',')}]`;
  budget.spend(raw.length);
  return raw;
}

export function objectOf(members: readonly Member[], budget: Budget): Raw {
  const raw = `{${members.map(({ key, value }) => `${key}:${value}`).join(',')}}`;
  budget.spend(raw.length);
  return raw;
}

/** Behind the comma that follows an item, or at the closing bracket. */
function nextItem(raw: Raw, end: number): number {
  const at = skipSpace(raw, end);
  return raw[at] === ',' ? skipSpace(raw, at + 1) : at;
}
