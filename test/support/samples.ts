import { newId } from '@app/core';
import type { CertificateDocument, CertificateInfo, CheckJob, CheckResult, MonitorRules } from '@app/core';
import { NOON } from './clock';

export function sampleRules(rules: Partial<MonitorRules> = {}): MonitorRules {
  return { maxRetries: 0, resendInterval: 0, intervalSeconds: 60, retryIntervalSeconds: 60, ...rules };
}

/** An up check that took 20 ms at noon, of a monitor that nobody knows; `endedAt` follows `startedAt`. */
export function sampleResult({
  rules,
  ...values
}: Partial<Omit<CheckResult, 'rules'>> & { rules?: Partial<MonitorRules> } = {}): CheckResult {
  const startedAt = values.startedAt ?? NOON;
  return {
    kind: 'check',
    monitorId: newId(),
    status: 'up',
    message: 'OK',
    startedAt,
    endedAt: startedAt + 20,
    latencyMs: 20,
    nonce: 0,
    rules: sampleRules(rules),
    ...values,
  };
}

export function sampleJob(values: Partial<CheckJob> = {}): CheckJob {
  return {
    monitorId: newId(),
    monitorName: 'Shop API',
    type: 'http',
    config: '{"url":"http://127.0.0.1/"}',
    timeoutSeconds: 16,
    rules: sampleRules(),
    scheduledAt: NOON,
    notifyAtDays: [],
    ...values,
  };
}

/** A certificate with 12 days to go at noon. */
export function sampleCertificate(values: Partial<CertificateInfo> = {}): CertificateInfo {
  return {
    subject: 'CN=shop.example.org,O=Shop Ltd,C=NL',
    issuer: "CN=R11,O=Let's Encrypt,C=US",
    fingerprint: '4E:1B:02',
    fingerprint256: '9A:07:C4',
    serialNumber: '302913874651029384756102938475',
    validFrom: '2026-09-01T12:00:00Z',
    validTo: '2026-12-06T12:00:00Z',
    daysRemaining: 12,
    certType: 'server',
    validFor: ['shop.example.org', 'www.shop.example.org', '192.0.2.10'],
    signatureAlgorithm: 'SHA256-RSA',
    publicKeyAlgorithm: 'RSA',
    keySize: 2048,
    version: 3,
    ...values,
  };
}

export function sampleDocument(values: Partial<CertificateInfo> = {}): CertificateDocument {
  return { valid: true, certInfo: sampleCertificate(values) };
}
