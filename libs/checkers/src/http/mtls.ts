import { createHash, X509Certificate } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import { secureContext } from '@app/outbound';
import { LRUCache } from 'lru-cache';
import { CheckFailure } from '../failure';
import type { HttpConfig } from './http.config';

type Material = Pick<HttpConfig, 'tlsCert' | 'tlsKey' | 'tlsCa'>;

/** Making one costs milliseconds, and the same certificates are used at every check. */
const contexts = new LRUCache<string, SecureContext>({ max: 1000 });

/**
 * The TLS identity of a monitor; `tlsCa` replaces the public roots.
 * @throws CheckFailure when the texts are no usable certificates and key
 */
export function clientIdentity({ tlsCert, tlsKey, tlsCa }: Material): SecureContext {
  const key = createHash('sha256')
    .update(JSON.stringify([tlsCert, tlsKey, tlsCa]))
    .digest('base64');
  const known = contexts.get(key);
  if (known) return known;
  requirePem(tlsCert, 'certificate');
  requirePem(tlsKey, 'key');
  requireCertificate(tlsCa);
  const context = createContext({ tlsCert, tlsKey, tlsCa });
  contexts.set(key, context);
  return context;
}

function createContext({ tlsCert, tlsKey, tlsCa }: Material): SecureContext {
  try {
    return secureContext({ cert: tlsCert, key: tlsKey, ca: tlsCa });
  } catch (cause) {
    throw badPair(/key values mismatch/.test(String(cause)) ? 'private key does not match public key' : text(cause));
  }
}

function requirePem(pem: string, what: string): void {
  if (!pem.includes('-----BEGIN ')) throw badPair(`failed to find any PEM data in ${what} input`);
}

/** OpenSSL passes over what is no certificate, and then trusts nobody. */
function requireCertificate(pem: string): void {
  try {
    new X509Certificate(pem);
  } catch {
    throw new CheckFailure('invalid mTLS CA cert', { latencyMs: 0 });
  }
}

function badPair(problem: string): CheckFailure {
  return new CheckFailure(`invalid mTLS cert/key: tls: ${problem}`, { latencyMs: 0 });
}

/** OpenSSL's reason; its messages never hold key material. */
function text(cause: unknown): string {
  return (cause as { reason?: string }).reason ?? 'not a usable certificate and key';
}
