import { EXPIRED, dueNotice, noticeText } from '@app/core';
import type { CertificateSighting, DeliveryKind } from '@app/core';
import type { CertificateRecord } from './documents';

export interface Notice {
  kind: DeliveryKind;
  /** Unique per certificate and threshold. */
  source: string;
  text: string;
}

export interface Seen {
  record: CertificateRecord;
  /** To give now; recorded as given. */
  notice: Notice | null;
}

/** What remains of a sighting; `text` is its document as JSON. */
export function seeCertificate(
  before: CertificateRecord | undefined,
  monitor: { id: string; name: string },
  { document, notifyAtDays }: CertificateSighting,
  text: string,
  now: number,
): Seen {
  const { certInfo } = document;
  const fingerprint = certInfo?.fingerprint256 ?? null;
  const given = before?.fingerprint === fingerprint ? before.notices : [];
  const record = { document: text, fingerprint, notices: given };
  if (!certInfo || notifyAtDays.length === 0) return { record, notice: null };

  const days = dueNotice(certInfo.daysRemaining, Date.parse(certInfo.validTo), now, notifyAtDays, given);
  if (days === null) return { record, notice: null };
  return {
    record: { ...record, notices: [...given, days] },
    notice: {
      kind: days === EXPIRED ? 'certificate-expired' : 'certificate',
      source: `certificate:${monitor.id}:${fingerprint?.replaceAll(':', '').slice(0, 64)}:${days}`,
      text: noticeText(monitor.name, certInfo, days),
    },
  };
}
