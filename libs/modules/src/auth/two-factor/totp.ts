import { SECOND } from '@app/core';

const ISSUER = 'peekaping';
const PERIOD_SECONDS = 30;
const DIGITS = 6;

/** 160 random bits as 32 Base32 characters (RFC 4226 4). */
export async function newTotpSecret(): Promise<string> {
  const { generateSecret } = await import('otplib');
  return generateSecret({ length: 20 });
}

/** What authenticator apps read from the QR code; the order of the parameters is the contract's. */
export function provisioningUri(secret: string, email: string): string {
  const label = encodeURIComponent(`${ISSUER}:${email}`).replaceAll('%3A', ':').replaceAll('%40', '@');
  const query = `algorithm=SHA1&digits=${DIGITS}&issuer=${ISSUER}&period=${PERIOD_SECONDS}&secret=${secret}`;
  return `otpauth://totp/${label}?${query}`;
}

/**
 * Finds the 30 s step that a code belongs to: the current one or one of its neighbours (RFC 6238 5.2). Blanks around
 * the code are ignored.
 * @returns null for a wrong code, and for one of `lastStep` or before.
 */
export async function stepOfCode(
  secret: string,
  code: string,
  { now, lastStep }: { now: number; lastStep: number | null },
): Promise<number | null> {
  const token = code.trim();
  if (!/^\d{6}$/.test(token)) return null;
  const { verify } = await import('otplib'); // loaded for those who use it
  const result = await verify({
    secret,
    token,
    epoch: Math.floor(now / SECOND),
    epochTolerance: PERIOD_SECONDS,
    ...(lastStep !== null && { afterTimeStep: lastStep }),
  });
  return result.valid && 'timeStep' in result ? result.timeStep : null;
}
