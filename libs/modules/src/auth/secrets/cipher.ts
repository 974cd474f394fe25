import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts a short text; `owner` has to be given again to decrypt it, so that nobody can copy it to another row. */
export function encrypt(key: KeyObject, text: string, owner: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `v1:${sealed.toString('base64url')}`;
}

/** @throws Error when the text was not made by {@link encrypt} with this key and owner. */
export function decrypt(key: KeyObject, text: string, owner: string): string {
  const [version, encoded] = text.split(':');
  if (version !== 'v1' || !encoded) throw new Error('not an encrypted value');
  const sealed = Buffer.from(encoded, 'base64url');
  if (sealed.length < IV_BYTES + TAG_BYTES) throw new Error('not an encrypted value');
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(owner)).setAuthTag(sealed.subarray(-TAG_BYTES));
  return decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}
