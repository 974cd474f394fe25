/** Deeper documents are not searched. */
export const MAX_DEPTH = 1000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const ESCAPE = /["\\/bfnrt]|u[\dA-Fa-f]{4}/y;

/** The index of the first character at or after `at` that is no JSON white space. */
export function skipSpace(text: string, at: number): number {
  for (let i = at; ; i++) {
    const code = text.charCodeAt(i);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return i;
  }
}

/**
 * The index behind the JSON value (RFC 8259) that starts at `at`, or -1 when there is none. Runs in linear time and
 * without recursion.
 */
export function endOfValue(text: string, at: number): number {
  const open: string[] = []; // the closing brackets that are still due
  let i = at;
  for (;;) {
    i = skipSpace(text, i);
    const first = text[i];
    if (first === '{' || first === '[') {
      const close = first === '{' ? '}' : ']';
      const inside = skipSpace(text, i + 1);
      if (text[inside] === close) i = inside + 1;
      else if (open.length === MAX_DEPTH) return -1;
      else {
        open.push(close);
        i = first === '{' ? endOfKey(text, inside) : inside;
        if (i < 0) return -1;
        continue;
      }
    } else {
      i = endOfScalar(text, i);
      if (i < 0) return -1;
    }
    // A value is complete: close what ends here, or go on with the next member.
    for (;;) {
      const close = open.at(-1);
      if (close === undefined) return i;
      const next = skipSpace(text, i);
      if (text[next] === ',') {
        i = close === '}' ? endOfKey(text, next + 1) : next + 1;
        if (i < 0) return -1;
        break;
      }
      if (text[next] !== close) return -1;
      open.pop();
      i = next + 1;
    }
  }
}

/** The index behind `"key" :`, or -1. */
export function endOfKey(text: string, at: number): number {
  const start = skipSpace(text, at);
  const end = text.charCodeAt(start) === QUOTE ? endOfString(text, start) : -1;
  if (end < 0) return -1;
  const colon = skipSpace(text, end);
  return text[colon] === ':' ? colon + 1 : -1;
}

/** The index behind the string whose opening quote is at `at`, or -1. */
export function endOfString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i + 1;
    if (code < 0x20) return -1;
    if (code !== BACKSLASH) continue;
    const end = match(ESCAPE, text, i + 1);
    if (end < 0) return -1;
    i = end - 1;
  }
  return -1;
}

function endOfScalar(text: string, at: number): number {
  if (text.charCodeAt(at) === QUOTE) return endOfString(text, at);
  const end = match(LITERAL, text, at);
  return end < 0 ? match(NUMBER, text, at) : end;
}

function match(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : -1;
}

/** The text is one JSON value and nothing else. */
export function isJson(text: string): boolean {
  const end = endOfValue(text, 0);
  return end >= 0 && skipSpace(text, end) >= text.length;
}
