import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isAppError } from '@app/core';
import type { Collection, Store } from '@app/core';
import { InstanceSecret } from './instance-secret.entity';

/** The keys of this installation, made on the first start. */
export class InstanceSecrets {
  private constructor(
    /** Signs access tokens. */
    readonly access: KeyObject,
    /** Signs refresh tokens. */
    readonly refresh: KeyObject,
    /** Encrypts what has to be read again, such as TOTP secrets: AES-256. */
    readonly encryption: KeyObject,
  ) {}

  static async load(store: Store): Promise<InstanceSecrets> {
    const secrets = store.collection(InstanceSecret);
    // Tokens are signed with the digits themselves, as existing ones are.
    const access = await secretOf(secrets, 'ACCESS_TOKEN_SECRET_KEY');
    const refresh = await secretOf(secrets, 'REFRESH_TOKEN_SECRET_KEY');
    const encryption = await secretOf(secrets, 'ENCRYPTION_KEY');
    return new InstanceSecrets(
      createSecretKey(access, 'utf8'),
      createSecretKey(refresh, 'utf8'),
      createSecretKey(encryption, 'hex'),
    );
  }
}

/** Reads a secret, or makes it: of several servers that start at once one does, and all use that one. */
async function secretOf(secrets: Collection<InstanceSecret>, name: string): Promise<string> {
  const known = await secrets.findOne({ name });
  if (known) return known.value;
  try {
    return (await secrets.insert({ name, value: randomBytes(32).toString('hex') })).value;
  } catch (error) {
    const other = isAppError(error, 'conflict') ? await secrets.findOne({ name }) : null;
    if (!other) throw error;
    return other.value;
  }
}
