const BCRYPT = /^\$2[aby]\$/;
const MAX_BYTES = 72;

export function isBcrypt(stored: string): boolean {
  return BCRYPT.test(stored);
}

export async function matchesBcrypt(secret: string, stored: string): Promise<boolean> {
  // Loaded only where hashes of an imported database are still around.
  const bcrypt = await import('bcrypt');
  // `$2y$` is another name of `$2b$` that the library does not know.
  const matches = await bcrypt.compare(secret, stored.replace(/^\$2y\$/, '$2b$'));
  // bcrypt ignores what is longer; such a secret cannot have been the one that was hashed.
  return matches && Buffer.byteLength(secret) <= MAX_BYTES;
}
