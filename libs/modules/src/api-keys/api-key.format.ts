import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What every key begins with. */
export const KEY_PREFIX = 'pk_';

const SECRET_BYTES = 32;
const MIN_LENGTH = 10;
const MAX_LENGTH = 200;
const BASE64URL = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}==|[A-Za-z0-9_-]{3}=)?$/;
const FAST = 'sha256:';
/** Characters of the secret that the display form shows at either end. */
const SHOWN = 4;

export interface KeyParts {
  id: string;
  secret: string;
}

/** 32 random bytes, as the keys that clients know: URL-safe Base64 with padding. */
export function newSecret(): string {
  return padded(randomBytes(SECRET_BYTES));
}

/** The key as its owner sees it, once. */
export function formatKey({ id, secret }: KeyParts): string {
  return KEY_PREFIX + padded(Buffer.from(JSON.stringify({ id, key: secret })));
}

/** @returns null for what cannot be a key. */
export function parseKey(text: string): KeyParts | null {
  if (!text.startsWith(KEY_PREFIX) || text.length < MIN_LENGTH || text.length > MAX_LENGTH) return null;
  const payload = text.slice(KEY_PREFIX.length);
  if (!BASE64URL.test(payload)) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const { id, key } = (value ?? {}) as Record<string, unknown>;
    return typeof id === 'string' && typeof key === 'string' ? { id, secret: key } : null;
  } catch {
    return null;
  }
}

/** Tells keys of a list apart: their beginnings and ends are all the same, those of their secrets are not. */
export function displayForm(secret: string): string {
  return `${KEY_PREFIX}${secret.slice(0, SHOWN)}...${secret.replace(/=+$/, '').slice(-SHOWN)}`;
}

/** 256 random bits need no slow hash: nobody tries them out. */
export function fastHash(secret: string): string {
  return FAST + hash('sha256', secret, 'base64url');
}

export function isFastHash(stored: string): boolean {
  return stored.startsWith(FAST);
}

/** Takes as long whatever differs, and as long without a stored hash. */
export function matchesFastHash(secret: string, stored: string | null): boolean {
  const given = Buffer.from(fastHash(secret));
  const wanted = Buffer.from(stored ?? fastHash(''));
  return given.length === wanted.length && timingSafeEqual(given, wanted) && stored !== null;
}

function padded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
