import { z } from 'zod';

/** An integer; a form that sends it as text is understood (`"465"`). */
export function integer(range: { min: number; max: number }) {
  return z.preprocess(numeric, z.int().min(range.min).max(range.max));
}

function numeric(value: unknown): unknown {
  return typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value;
}

/** A URL that can be sent to. */
export function httpUrl() {
  return z.string().refine(isHttpUrl, 'must be a valid http or https URL');
}

const HTTP_URL =
  /^https?:\/\/(?:[^/?#@\s]*@)?(?<host>\[[0-9a-f:.%]+\]|[^/?#@:\s{}|\\^`%[\]]+)(?::\d*)?(?<rest>[/?#].*)?$/isu;

/**
 * As lenient as the clients know it, which is more than WHATWG: blanks in the path and any port number pass.
 * Control characters and broken percent escapes do not.
 */
export function isHttpUrl(value: string): boolean {
  if (/\p{Cc}/u.test(value)) return false;
  const match = HTTP_URL.exec(value);
  if (!match) return false;
  const [path] = (match.groups?.rest ?? '').split('?');
  return !/%(?![0-9a-f]{2})/i.test(path!);
}
