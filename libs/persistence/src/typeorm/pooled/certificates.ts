import { createHash } from 'node:crypto';
import { EXPIRED, dueNotice, noticeText } from '@app/core';
import type { CertificateSighting, DeliveryKind } from '@app/core';
import type { Tuple } from '../row-mapper';
import type { CertificateRow, NoticeRow } from './rows';

export interface Notice {
  kind: DeliveryKind;
  /** Unique per certificate and threshold. */
  source: string;
  text: string;
}

interface Known {
  name: string;
  /** SHA-256 of the document, hex; null when there is none yet. */
  digest: string | null;
  fingerprint: string | null;
  given: number[];
}

/** The newest certificate of each monitor of a batch, and which expiry notices were given for it. */
export class CertificateBatch {
  private readonly known = new Map<string, Known>();
  private readonly documents = new Map<string, CertificateRow>();
  private readonly added = new Map<string, NoticeRow>();
  private readonly replaced = new Set<string>();

  /** Rows of (monitor id, its name, digest, fingerprint), and of (monitor id, days) for notices given. */
  constructor(current: readonly Tuple[], given: readonly Tuple[]) {
    for (const [id, name, digest, fingerprint] of current as [string, string, string | null, string | null][]) {
      this.known.set(id, { name, digest, fingerprint, given: [] });
    }
    for (const [id, days] of given as [string, number][]) this.known.get(id)?.given.push(days);
  }

  /** Keeps the certificate. @returns the notice to give now, or null. */
  see(monitorId: string, { document, notifyAtDays }: CertificateSighting, now: number): Notice | null {
    const known = this.known.get(monitorId);
    if (!known) return null;
    const text = JSON.stringify(document);
    const digest = createHash('sha256').update(text).digest('hex');
    const { certInfo } = document;
    const fingerprint = certInfo?.fingerprint256 ?? null;
    // The document changes once a day (days remaining): nearly every check finds it as it is.
    if (known.digest !== digest) this.documents.set(monitorId, { monitorId, document: text, fingerprint });
    if (known.digest !== null && known.fingerprint !== fingerprint) this.startOver(monitorId, known);
    known.digest = digest;
    known.fingerprint = fingerprint;
    if (!certInfo || notifyAtDays.length === 0) return null;

    const days = dueNotice(certInfo.daysRemaining, Date.parse(certInfo.validTo), now, notifyAtDays, known.given);
    if (days === null) return null;
    known.given.push(days);
    this.added.set(`${monitorId} ${days}`, { monitorId, days });
    return {
      kind: days === EXPIRED ? 'certificate-expired' : 'certificate',
      source: `certificate:${monitorId}:${fingerprint?.replaceAll(':', '').slice(0, 64)}:${days}`,
      text: noticeText(known.name, certInfo, days),
    };
  }

  get changes(): { documents: CertificateRow[]; replaced: string[]; notices: NoticeRow[] } {
    return {
      documents: [...this.documents.values()],
      replaced: [...this.replaced],
      notices: [...this.added.values()],
    };
  }

  private startOver(monitorId: string, known: Known): void {
    known.given = [];
    this.replaced.add(monitorId);
    for (const [key, notice] of this.added) if (notice.monitorId === monitorId) this.added.delete(key);
  }
}
