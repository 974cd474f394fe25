import { once } from 'node:events';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect, createSecureContext, rootCertificates } from 'node:tls';
import type { SecureContext, SecureContextOptions, TLSSocket } from 'node:tls';
import type { X509Certificate } from 'node:crypto';
import type { CertificateDocument } from '@app/core';
import { readCertificate } from './certificate';
import { OutboundError } from './types';
import type { TlsSettings } from './types';

export interface TlsUpgrade {
  socket: Socket;
  /** Name or address from the URL; what the certificate has to be for. */
  host: string;
  settings: TlsSettings;
  defaultContext: SecureContext;
  signal: AbortSignal;
  /** Told of every error of the encrypted socket, from its first moment on: one that nobody hears ends the process. */
  onError: (error: Error) => void;
}

export interface SecureConnection {
  socket: TLSSocket;
  certificate: CertificateDocument;
}

/** The roots that Node brings, and more. Costs milliseconds: make it once and share it. */
export function defaultSecureContext(extraRoots: readonly string[] = []): SecureContext {
  return secureContext(extraRoots.length > 0 ? { ca: [...rootCertificates, ...extraRoots] } : {});
}

/** TLS 1.2 or newer. @throws Error of OpenSSL for material that does not fit together. */
export function secureContext(material: Pick<SecureContextOptions, 'ca' | 'cert' | 'key'>): SecureContext {
  return createSecureContext({ ...material, minVersion: 'TLSv1.2' });
}

/**
 * Speaks TLS on a connected socket. The handshake itself accepts any certificate, so that one that does not verify
 * can be reported: the failure carries it with `valid: false`.
 * @throws OutboundError; the socket is destroyed then.
 */
export async function secure({
  socket,
  host,
  settings,
  defaultContext,
  signal,
  onError,
}: TlsUpgrade): Promise<SecureConnection> {
  const name = host.startsWith('[') ? host.slice(1, -1) : host;
  const secured = connect({
    socket,
    secureContext: settings.secureContext ?? defaultContext,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(name) ? {} : { servername: name }),
  });
  secured.on('error', (error: Error) => {
    onError(error);
    // Node leaves the socket open after a broken record. What came before it may still be read, in this turn.
    setImmediate(() => secured.destroy());
  });
  try {
    await once(secured, 'secureConnect', { signal });
    return { socket: secured, certificate: verify(secured, name, settings) };
  } catch (error) {
    secured.destroy();
    throw error;
  }
}

function verify(socket: TLSSocket, host: string, settings: TlsSettings): CertificateDocument {
  const peer = socket.getPeerX509Certificate();
  const document = { valid: false, ...describe(peer) };
  if (settings.insecure) return document;
  const problem = chainProblem(socket, document) ?? (peer && hostProblem(peer, host, document));
  if (!problem) return { ...document, valid: true };
  throw new OutboundError(`tls: failed to verify certificate: ${problem}`, { certificate: document });
}

function describe(peer: X509Certificate | undefined): Pick<CertificateDocument, 'certInfo'> {
  if (!peer) return {};
  try {
    return { certInfo: readCertificate(peer.raw, Date.now()) };
  } catch {
    return {}; // OpenSSL is more lenient than we are; what cannot be read is not shown.
  }
}

const UNKNOWN_AUTHORITY = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function chainProblem(socket: TLSSocket, { certInfo }: CertificateDocument): string | undefined {
  if (socket.authorized) return undefined;
  // Declared as an Error; Node stores the code of OpenSSL's verdict.
  const code = String(socket.authorizationError);
  if (UNKNOWN_AUTHORITY.has(code)) return 'x509: certificate signed by unknown authority';
  if (code !== 'CERT_HAS_EXPIRED' && code !== 'CERT_NOT_YET_VALID') {
    return `x509: ${code.toLowerCase().replaceAll('_', ' ')}`;
  }
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const bound = code === 'CERT_HAS_EXPIRED' ? `after ${certInfo?.validTo}` : `before ${certInfo?.validFrom}`;
  return `x509: certificate has expired or is not yet valid: current time ${now} is ${bound}`;
}

/** RFC 9525: only subject alternative names count, never the common name. */
function hostProblem(peer: X509Certificate, host: string, { certInfo }: CertificateDocument): string | undefined {
  const address = isIP(host) !== 0;
  const matches = address ? peer.checkIP(host) : peer.checkHost(host, { subject: 'never', partialWildcards: false });
  if (matches) return undefined;
  const names = certInfo?.validFor;
  if (!names) return 'x509: certificate relies on legacy Common Name field, use SANs instead';
  const usable = names.filter((name) => (isIP(name) !== 0) === address);
  if (usable.length > 0) return `x509: certificate is valid for ${usable.join(', ')}, not ${host}`;
  return address
    ? `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`
    : `x509: certificate is not valid for any names, but wanted to match ${host}`;
}
