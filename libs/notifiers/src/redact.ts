import type { Notifier } from './notifier';
import { unescapePercent } from './text';

export type Redact = (text: string) => string;

/** Shorter secrets cannot be told from ordinary words; hiding them would only make errors unreadable. */
const MIN_LENGTH = 4;
/** Path segments this long are taken for tokens (`/hooks/T024BE7LD`), shorter ones for words (`/api/v1`). */
const MIN_SEGMENT = 8;

const HIDDEN = '***';

/** Replaces the secrets of one channel, in every form in which an answer may echo them. */
export function redactor(notifier: Notifier, config: Record<string, unknown>): Redact {
  const secrets = new Set<string>();
  for (const [key, value] of Object.entries(config)) {
    if (typeof value !== 'string') continue;
    const parts = notifier.secrets.includes(key) ? [value, ...urlParts(value), ...jsonParts(value)] : passwordOf(value);
    for (const part of parts) for (const form of formsOf(part)) secrets.add(form);
  }
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((result, secret) => result.replaceAll(secret, HIDDEN), text);
}

/** A URL may be a secret as a whole (webhooks): servers like to quote its path, which holds the token. */
function urlParts(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { pathname, search, searchParams } = new URL(value);
  const segments = pathname.split('/').filter((segment) => segment.length >= MIN_SEGMENT);
  return [pathname + search, pathname, ...segments, ...searchParams.values(), ...passwordOf(value)];
}

function passwordOf(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { password } = new URL(value);
  return password ? [password, unescapePercent(password)] : [];
}

/** A JSON object of secrets (additional headers): each value counts, and what follows a scheme like `Bearer`. */
function jsonParts(value: string): string[] {
  if (!value.trimStart().startsWith('{')) return [];
  try {
    const values = Object.values(JSON.parse(value) as object).filter((entry) => typeof entry === 'string');
    return values.flatMap((entry) => [entry, ...entry.split(' ').slice(1)]);
  } catch {
    return [];
  }
}

function formsOf(secret: string): string[] {
  if (secret.length < MIN_LENGTH) return [];
  return [secret, unescapePercent(secret)].flatMap((form) => [
    form,
    encodeURIComponent(form),
    JSON.stringify(form).slice(1, -1),
    ...base64Forms(form),
  ]);
}

/**
 * What a secret looks like inside a longer base64 text, as in `Basic base64(user:secret)`: depending on where it
 * starts there are three forms. Characters that its neighbours influence are left out.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const whole = (offset + bytes.length) % 3 === 0;
    return encoded.slice(Math.ceil((offset * 4) / 3), whole ? undefined : -1);
  });
}
