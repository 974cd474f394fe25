import type { Role } from '@app/platform';
import type { KeyObject } from 'node:crypto';

export type TokenType = 'access' | 'refresh';

/** What our tokens say. Times are whole seconds since the epoch. */
export interface Claims {
  userId: string;
  email: string;
  type: TokenType;
  exp?: number;
  nbf?: number;
  iat?: number;
  /** The session that the token belongs to. */
  sid: string;
  role: Role;
}

/** What a verified signature says; its times are checked here, against our clock. @returns null unless it is good. */
export function readClaims(payload: unknown, nowMs: number): Claims | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const { userId, sid, type, exp, nbf } = payload as Record<string, unknown>;
  if (typeof userId !== 'string' || typeof sid !== 'string' || typeof type !== 'string') return null;
  const now = Math.floor(nowMs / 1000);
  if (exp !== undefined && !(typeof exp === 'number' && now < exp)) return null;
  if (nbf !== undefined && !(typeof nbf === 'number' && now >= nbf)) return null;
  return payload as Claims;
}

export const VERIFY_ALGORITHMS = ['HS256' as const, 'HS384' as const, 'HS512' as const];

/**
 * The libraries take a KeyObject, eleven times faster than text (which they first try to read as a public key), but
 * their types do not say so everywhere.
 */
export function asSecret(key: KeyObject): Buffer {
  return key as unknown as Buffer;
}
