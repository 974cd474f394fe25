import { readFileSync } from 'node:fs';
import { StartupError, messageOf } from '@app/core';
import type { DatabaseEnv } from './engine';

export interface TlsOptions {
  rejectUnauthorized: boolean;
  /** PEM; absent = the authorities of Node.js. */
  ca?: string;
}

/** What `DB_TLS` and `DB_TLS_CA` ask for; null = no encryption. @throws StartupError for a file that cannot be read */
export function tlsOptions({ DB_TLS, DB_TLS_CA }: DatabaseEnv): TlsOptions | null {
  if (DB_TLS === 'off') return null;
  if (DB_TLS === 'unverified') return { rejectUnauthorized: false };
  if (DB_TLS_CA === '') return { rejectUnauthorized: true };
  try {
    return { rejectUnauthorized: true, ca: readFileSync(DB_TLS_CA, 'utf8') };
  } catch (error) {
    throw new StartupError(`DB_TLS_CA cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
