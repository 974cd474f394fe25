import { findMonitorType } from './monitor-types';

/** Stands where a secret was, so that a reader sees that there is one. */
export const HIDDEN = '[hidden]';

/**
 * `config` of a monitor as JSON text, for eyes that may not know its passwords and keys: the keys stay, the values of
 * the secret ones that are set become {@link HIDDEN}. Of an unknown type, or a text that is no object, nothing is left.
 */
export function hideSecrets(type: string, config: string): string {
  const known = findMonitorType(type);
  const values = parseObject(config);
  if (!known || !values) return '{}';
  for (const key of known.secrets ?? []) {
    if (values[key]) values[key] = HIDDEN;
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
