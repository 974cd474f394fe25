import { AppError, parseDuration } from '@app/core';
import type { SettingType } from './setting.entity';

/** What holds for a value of a key, whatever the type says. @returns what is wrong, or null */
type Rule = (value: string) => string | null;

const INTEGER = /^[+-]?\d{1,15}$/;
const MAX_DAYS = 36_500;

/** Secrets of the instance, which the system that clients know kept among its settings. Ours are elsewhere. */
const SECRETS = new Set(['ACCESS_TOKEN_SECRET_KEY', 'REFRESH_TOKEN_SECRET_KEY']);

/** Keys that are stored under another name, which this API cannot spell. */
const ALIASES = new Map([['CERT_EXPIRY_NOTIFY_DAYS', 'cert_expiry_notify_days']]);

const RULES = new Map<string, Rule>([
  ['ACCESS_TOKEN_EXPIRED_IN', lifetime],
  ['REFRESH_TOKEN_EXPIRED_IN', lifetime],
  ['KEEP_DATA_PERIOD_DAYS', (value) => (isDays(value, 1) ? null : `must be a whole number from 1 to ${MAX_DAYS}`)],
  ['CERT_EXPIRY_NOTIFY_DAYS', thresholds],
]);

export function isSecret(key: string): boolean {
  return SECRETS.has(key);
}

export function storedKey(key: string): string {
  return ALIASES.get(key) ?? key;
}

/** @throws AppError `invalid` when the value is none of its type, or makes no sense for its key. */
export function acceptValue(key: string, value: string, type: SettingType): void {
  const problem = ofType(value, type) ?? RULES.get(key)?.(value);
  if (problem) throw new AppError('invalid', `value ${problem}`);
}

function ofType(value: string, type: SettingType): string | null {
  switch (type) {
    case 'string':
      return null;
    case 'int':
      return INTEGER.test(value) ? null : 'must be a whole number';
    case 'bool':
      return value === 'true' || value === 'false' ? null : 'must be true or false';
    case 'json':
      return parsed(value) === undefined ? 'must be a JSON document' : null;
  }
}

function lifetime(value: string): string | null {
  return (parseDuration(value) ?? 0) >= 1_000 ? null : 'must be a duration of at least a second, such as 15m or 720h';
}

function thresholds(value: string): string | null {
  const list = parsed(value);
  const fits = Array.isArray(list) && list.length <= 20 && list.every((days) => isDays(String(days), 0));
  return fits ? null : `must be a JSON list of at most 20 whole numbers from 0 to ${MAX_DAYS}`;
}

function isDays(text: string, min: number): boolean {
  return INTEGER.test(text) && Number(text) >= min && Number(text) <= MAX_DAYS;
}

/** Undefined when it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
