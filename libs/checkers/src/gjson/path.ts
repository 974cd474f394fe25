import { endOfString } from './scanner';

/** The front of a path, and what follows it. */
export interface Step {
  part: string;
  /** `.` goes on with each value, `|` with all of them together; "" = the path ends here. */
  separator: '' | '.' | '|';
  rest: string;
}

const CLOSING: Record<string, string> = { '(': ')', '[': ']', '{': '}' };

/** Splits a path behind its first component; `#(...)` is skipped whole. Null when a bracket is never closed. */
export function firstStep(path: string): Step | null {
  let at = 0;
  if (path[0] === '#' && (path[1] === '(' || path[1] === '[')) {
    at = endOfGroup(path, 1);
    if (at < 0) return null;
  }
  for (; at < path.length; at++) {
    const sign = path[at];
    if (sign === '\\') at++;
    else if (sign === '.' || sign === '|') {
      return { part: path.slice(0, at), separator: sign, rest: path.slice(at + 1) };
    }
  }
  return { part: path, separator: '', rest: '' };
}

/** What follows a literal, a multipath or a modifier: nothing, or a separator and a path. Null when it is neither. */
export function stepAfter(path: string, end: number): Step | null {
  const separator = path[end] ?? '';
  if (separator !== '' && separator !== '.' && separator !== '|') return null;
  return { part: path.slice(0, end), separator, rest: path.slice(end + 1) };
}

/** The index behind the bracket that closes the one at `at`, or -1. Strings and nested brackets are skipped. */
export function endOfGroup(path: string, at: number): number {
  const due: string[] = [];
  for (let i = at; i < path.length; i++) {
    const sign = path[i]!;
    if (sign === '\\') i++;
    else if (sign === '"') {
      i = endOfString(path, i) - 1;
      if (i < 0) return -1;
    } else if (CLOSING[sign]) due.push(CLOSING[sign]);
    else if (sign === due.at(-1)) {
      due.pop();
      if (due.length === 0) return i + 1;
    }
  }
  return -1;
}

/** The first index where `found` holds, outside of strings and brackets; -1 when there is none. */
export function indexOutside(text: string, found: (at: number) => boolean, from = 0): number {
  for (let i = from; i < text.length; i++) {
    if (found(i)) return i;
    const sign = text[i]!;
    if (sign === '\\') i++;
    else if (sign === '"' || CLOSING[sign]) {
      const end = sign === '"' ? endOfString(text, i) : endOfGroup(text, i);
      if (end < 0) return -1;
      i = end - 1;
    }
  }
  return -1;
}

/** The pieces of a list in brackets, split at its own commas. */
export function splitList(text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (;;) {
    const comma = indexOutside(text, (at) => text[at] === ',', from);
    if (comma < 0) break;
    pieces.push(text.slice(from, comma).trim());
    from = comma + 1;
  }
  pieces.push(text.slice(from).trim());
  return pieces.filter((piece) => piece !== '');
}
