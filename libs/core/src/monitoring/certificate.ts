/** The leaf certificate of a TLS server, as clients know it (`GET /monitors/:id/tls`). */
export interface CertificateInfo {
  subject: string;
  issuer: string;
  /** SHA-1 and SHA-256 of the DER, upper-case hex pairs joined by `:`. */
  fingerprint: string;
  fingerprint256: string;
  /** Decimal. */
  serialNumber: string;
  /** RFC 3339, UTC, whole seconds. */
  validFrom: string;
  validTo: string;
  /** Whole days, rounded toward zero; negative once expired. As of the check. */
  daysRemaining: number;
  certType: string;
  validFor?: string[];
  signatureAlgorithm: string;
  publicKeyAlgorithm: string;
  /** Bits, RSA only. */
  keySize?: number;
  version: number;
}

export interface CertificateDocument {
  /** The chain was verified. */
  valid: boolean;
  certInfo?: CertificateInfo;
}

/** Stands in the history for the notice of a certificate that has expired. */
export const EXPIRED = -1;

/**
 * The threshold to announce now, or null: the smallest one that applies, unless it or a smaller one was announced.
 * A certificate that is already past its end is announced once, whatever the thresholds, if there are any.
 */
export function dueNotice(
  daysRemaining: number,
  validTo: number,
  now: number,
  thresholds: readonly number[],
  announced: readonly number[],
): number | null {
  if (thresholds.length === 0) return null;
  const applies = now >= validTo ? EXPIRED : Math.min(...thresholds.filter((days) => daysRemaining <= days));
  if (!Number.isFinite(applies)) return null;
  return announced.some((days) => days <= applies) ? null : applies;
}

/** The text that the channels get. */
export function noticeText(monitorName: string, certificate: CertificateInfo, threshold: number): string {
  const { subject, certType, daysRemaining, validTo, validFor = [], issuer } = certificate;
  const expired = threshold === EXPIRED;
  const others = validFor.length > 1 ? ` (+${validFor.length - 1} more)` : '';
  const lines = [
    expired ? '🚨 Certificate Expired' : '🚨 Certificate Expiry Warning',
    '',
    `Monitor: ${monitorName}`,
    `Certificate: ${commonName(subject)} (${certType})`,
    expired ? 'Expired' : `Expires in: ${daysRemaining} days`,
    `Valid until: ${validTo.slice(0, 19).replace('T', ' ')}`,
    ...(expired ? [] : [`Notification threshold: ${threshold} days`]),
    ...(validFor.length > 0 ? [`Valid for: ${validFor[0]}${others}`] : []),
    `Issuer: ${issuer}`,
  ];
  return lines.join('\n');
}

function commonName(subject: string): string {
  return /CN=([^,]*)/.exec(subject)?.[1] ?? subject;
}
