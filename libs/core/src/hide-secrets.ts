/** Stands where a secret was, so that a reader sees that there is one. */
export const HIDDEN = '[hidden]';

const USER_INFO = /^(\s*[a-z][a-z\d+.-]*:\/\/)[^/?#\s]*@/i;
/** Parameters whose names say that their values let somebody in. */
const TELLTALE =
  /([?&#;](?:[\w.~-]*(?:token|secret|passw(?:or)?d|passphrase|api[-_.]?key|apikey|signature|credential|auth)[\w.~-]*|key|pass|pwd|sig|code)=)[^&#;\s]+/gi;

/** A URL without user, password, and the values of parameters that look like keys; other texts as they are. */
export function hideUrlSecrets(text: string): string {
  if (!/^\s*[a-z][a-z\d+.-]*:\/\//i.test(text)) return text;
  return hideParameters(text.replace(USER_INFO, `$1${HIDDEN}@`));
}

/** A URL without the values of parameters that look like keys. */
export function hideParameters(url: string): string {
  return url.replace(TELLTALE, `$1${HIDDEN}`);
}

/**
 * A config, the JSON text of an object, without what is secret in it: the values of these keys, in lower case here and
 * in any case there, and what {@link hideUrlSecrets} finds in others. Of a text that is no object nothing is left.
 */
export function hideConfigSecrets(config: string, secretKeys: ReadonlySet<string>): string {
  const values = parseObject(config);
  if (!values) return '{}';
  for (const [key, value] of Object.entries(values)) {
    if (secretKeys.has(key.toLowerCase())) values[key] = value ? HIDDEN : value;
    else if (typeof value === 'string') values[key] = hideUrlSecrets(value);
  }
  return JSON.stringify(values);
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
