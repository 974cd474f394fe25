import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * What travels through a queue, encrypted and authenticated: monitors' configs hold passwords, and Redis is often
 * shared, dumped and backed up. AES-256-GCM, NIST SP 800-38D; the key comes from a text by HKDF (RFC 5869).
 */
export class SealedPayload {
  private readonly key: Buffer;

  /** `secret`: the same in all processes, at least 16 characters of randomness. `purpose` keeps queues apart. */
  constructor(secret: string, purpose: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', `queue payload: ${purpose}`, 32));
  }

  seal(value: unknown): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, iv);
    const sealed = Buffer.concat([
      iv,
      cipher.update(JSON.stringify(value), 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return sealed.toString('base64');
  }

  /** @throws Error when it was sealed with another secret, or changed on the way. */
  open(sealed: string): unknown {
    const bytes = Buffer.from(sealed, 'base64');
    const tagAt = bytes.length - TAG_BYTES;
    const decipher = createDecipheriv(ALGORITHM, this.key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(tagAt));
    const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, tagAt)), decipher.final()]);
    return JSON.parse(text.toString('utf8'));
  }
}
