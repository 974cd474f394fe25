import { Budget } from './budget';
import { isPattern, matchesGlob, unescapePattern } from './glob';
import { modifiers } from './modifiers';
import { endOfGroup, firstStep, indexOutside, splitList, stepAfter } from './path';
import type { Step } from './path';
import { parseQuery, satisfies } from './query';
import { endOfValue, isJson, skipSpace } from './scanner';
import { arrayOf, elementsOf, isContainer, kindOf, membersOf, objectOf, stringContent } from './values';
import type { Member, Raw } from './values';

/** More steps than anybody writes; bounds the recursion. */
const MAX_PATH_LENGTH = 4096;

/**
 * The value at a GJSON path (https://github.com/tidwall/gjson/blob/master/SYNTAX.md) as it is written in the document;
 * undefined when there is none, or when the text is not JSON.
 * @throws QueryTooExpensive
 */
export function findByPath(text: string, path: string): Raw | undefined {
  if (path.length > MAX_PATH_LENGTH) return undefined;
  const budget = new Budget(text.length);
  const evaluation = new Evaluation(budget);
  if (!path.startsWith('..')) return isJson(text) ? evaluation.get(text.trim(), path) : undefined;
  const lines = arrayOf(valuesOf(text), budget);
  return path === '..' ? lines : evaluation.get(lines, path.slice(2));
}

/** JSON lines: one value after another. */
function valuesOf(text: string): Raw[] {
  const values: Raw[] = [];
  for (let at = skipSpace(text, 0); at < text.length;) {
    const end = endOfValue(text, at);
    if (end < 0) break;
    values.push(text.slice(at, end));
    at = skipSpace(text, end);
  }
  return values;
}

class Evaluation {
  constructor(private readonly budget: Budget) {}

  readonly get = (raw: Raw, path: string): Raw | undefined => {
    if (path[0] === '@') {
      const modified = this.modify(raw, path);
      if (modified) return this.follow(modified.value, modified.step);
      // no modifier that we know: a key like any other
    }
    if (path[0] === '{' || path[0] === '[') return this.select(raw, path);
    if (path[0] === '!') return this.literal(path);
    const step = firstStep(path);
    if (!step) return undefined;
    if (raw[0] === '{') return this.follow(this.member(raw, step.part), step);
    return raw[0] === '[' ? this.fromArray(raw, step) : undefined;
  };

  private follow(value: Raw | undefined, { separator, rest }: Step): Raw | undefined {
    return value === undefined || separator === '' ? value : this.get(value, rest);
  }

  private member(raw: Raw, part: string): Raw | undefined {
    const matches = /[*?]/.test(part)
      ? (key: string) => matchesGlob(key, part, this.budget)
      : isKey(isPattern(part) ? unescapePattern(part) : part);
    for (const { key, value } of membersOf(raw, this.budget)) {
      if (matches(stringContent(key))) return value;
    }
    return undefined;
  }

  private fromArray(raw: Raw, step: Step): Raw | undefined {
    const { part } = step;
    if (part === '#') {
      const elements = [...elementsOf(raw, this.budget)];
      return step.separator === '.' ? this.each(elements, step.rest) : this.follow(String(elements.length), step);
    }
    if (part.startsWith('#')) return this.byQuery(raw, step);
    if (!/^\d+$/.test(part)) return undefined;
    let index = Number(part);
    for (const element of elementsOf(raw, this.budget)) if (index-- === 0) return this.follow(element, step);
    return undefined;
  }

  /** `#(...)` is the first element that satisfies it, `#(...)#` all of them. */
  private byQuery(raw: Raw, step: Step): Raw | undefined {
    const [, inside, all] = /^#[([](.*)[)\]](#?)$/s.exec(step.part) ?? [];
    if (inside === undefined) return undefined;
    const query = parseQuery(inside);
    const matches: Raw[] = [];
    for (const element of elementsOf(raw, this.budget)) {
      if (!satisfies(element, query, this.get, this.budget)) continue;
      if (!all) return this.follow(element, step);
      matches.push(element);
    }
    if (!all) return undefined;
    if (step.separator === '.') return this.each(matches, step.rest);
    return this.follow(arrayOf(matches, this.budget), step);
  }

  /** The path up to a pipe for each value, what follows the pipe for the array of what was found. */
  private each(values: readonly Raw[], path: string): Raw | undefined {
    const pipe = indexOutside(path, (at) => path[at] === '|');
    const perValue = pipe < 0 ? path : path.slice(0, pipe);
    const found = values.map((value) => this.get(value, perValue)).filter((value) => value !== undefined);
    const collected = arrayOf(found, this.budget);
    return pipe < 0 ? collected : this.get(collected, path.slice(pipe + 1));
  }

  private modify(raw: Raw, path: string): { value: Raw | undefined; step: Step } | undefined {
    const [head = '', name = ''] = /^@([^.|:]+)/.exec(path) ?? [];
    const modifier = Object.hasOwn(modifiers, name) ? modifiers[name] : undefined;
    if (!modifier) return undefined;
    const hasArgument = path[head.length] === ':';
    const from = head.length + 1;
    const end = hasArgument ? endOfArgument(path, from) : head.length;
    const step = stepAfter(path, end);
    if (!step) return undefined;
    const argument = hasArgument ? path.slice(from, end) : '';
    return { value: modifier(raw, { argument, get: this.get, budget: this.budget }), step };
  }

  /** `{name,total:items.#}` and `[name,items.#]`: a new object or array. What does not exist is left out. */
  private select(raw: Raw, path: string): Raw | undefined {
    const end = endOfGroup(path, 0);
    const step = end < 0 ? null : stepAfter(path, end);
    if (!step) return undefined;
    const members: Member[] = [];
    for (const selector of splitList(path.slice(1, end - 1))) {
      const { key, path: selected } = parseSelector(selector);
      const value = this.get(raw, selected);
      if (value !== undefined) members.push({ key, value });
    }
    const values = members.map(({ value }) => value);
    return this.follow(path[0] === '{' ? objectOf(members, this.budget) : arrayOf(values, this.budget), step);
  }

  /** `!"text"`, `!12` */
  private literal(path: string): Raw | undefined {
    const end = endOfValue(path, 1);
    const step = end < 0 ? null : stepAfter(path, end);
    return step ? this.follow(path.slice(1, end).trim(), step) : undefined;
  }
}

function isKey(name: string): (key: string) => boolean {
  return (key) => key === name;
}

/** A JSON value, or else everything up to a pipe. */
function endOfArgument(path: string, from: number): number {
  const end = /[{["]/.test(path[from] ?? '') ? endOfValue(path, from) : -1;
  if (end >= 0) return end;
  const pipe = indexOutside(path, (at) => path[at] === '|', from);
  return pipe < 0 ? path.length : pipe;
}

/** `name:path`, `"name":path`, or a path that is named by its last component. */
function parseSelector(text: string): { key: Raw; path: string } {
  const stop = indexOutside(text, (at) => text[at] === ':' || text[at] === '@');
  if (stop < 0 || text[stop] !== ':') return { key: nameOf(text), path: text };
  const name = text.slice(0, stop).trim();
  return { key: isString(name) ? name : JSON.stringify(name), path: text.slice(stop + 1).trim() };
}

function isString(text: string): boolean {
  return text.startsWith('"') && isJson(text) && !isContainer(text) && kindOf(text) === 'string';
}

function nameOf(path: string): Raw {
  let from = 0;
  for (;;) {
    const separator = indexOutside(path, (at) => path[at] === '.' || path[at] === '|', from);
    if (separator < 0) break;
    from = separator + 1;
  }
  const last = path.slice(from);
  return JSON.stringify(/[[\](){}#|!]/.test(last) ? '_' : unescapePattern(last));
}
