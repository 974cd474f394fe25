import { AppError } from '@app/core';

const INVALID = 'Invalid request body';

/**
 * The first JSON value of a body, whatever the content type said; what follows it is ignored, as clients are used to.
 * NUL characters, which some engines cannot store, are dropped; half a surrogate pair becomes U+FFFD.
 * @throws AppError `invalid` when there is none.
 */
export function parseBody(body: Buffer | string | undefined): unknown {
  const text = body?.toString('utf8') ?? '';
  const reviver = /\\u(?:0000|d[89a-f])/i.test(text) ? storable : undefined;
  try {
    return JSON.parse(text, reviver);
  } catch (error) {
    const end = endOfFirstValue(text);
    if (end === null) throw new AppError('invalid', INVALID, { cause: error });
    try {
      return JSON.parse(text.slice(0, end), reviver);
    } catch (cause) {
      throw new AppError('invalid', INVALID, { cause });
    }
  }
}

function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;
}

/** Where the object or array that the text starts with ends; null when it does not. */
function endOfFirstValue(text: string): number | null {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') {
      inString = true;
    } else if (char === '{' || char === '[') {
      depth++;
    } else if (char === '}' || char === ']') {
      if (--depth === 0) return i + 1;
      if (depth < 0) return null;
    }
  }
  return null;
}
