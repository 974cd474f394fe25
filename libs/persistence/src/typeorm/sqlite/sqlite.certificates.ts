import { EXPIRED, dueNotice, noticeText } from '@app/core';
import type { CertificateSighting, DeliveryKind } from '@app/core';
import type { Database, Statement } from 'better-sqlite3';

interface Notice {
  kind: DeliveryKind;
  /** Unique per certificate and threshold. */
  source: string;
  text: string;
}

/** The newest certificate of each monitor, and which expiry notices were given for it. */
export class SqliteCertificates {
  private readonly current: Statement<[string], { document: string; fingerprint: string | null }>;
  private readonly save: Statement<[string, string, string | null, number]>;
  private readonly notices: Statement<[string]>;
  private readonly addNotice: Statement<[string, number, number]>;
  private readonly clearNotices: Statement<[string]>;
  private readonly remove: Statement<[string]>;
  private readonly monitorName: Statement<[string]>;

  constructor(db: Database) {
    this.current = db.prepare('SELECT document, fingerprint FROM certificates WHERE monitor_id = ?');
    this.save = db.prepare(`INSERT INTO certificates (monitor_id, document, fingerprint, updated_at)
      VALUES (?, ?, ?, ?) ON CONFLICT (monitor_id) DO UPDATE SET document = excluded.document,
      fingerprint = excluded.fingerprint, updated_at = excluded.updated_at`);
    this.notices = db.prepare('SELECT days FROM certificate_notices WHERE monitor_id = ?');
    this.addNotice = db.prepare(`INSERT INTO certificate_notices (monitor_id, days, created_at) VALUES (?, ?, ?)
      ON CONFLICT DO NOTHING`);
    this.clearNotices = db.prepare('DELETE FROM certificate_notices WHERE monitor_id = ?');
    this.remove = db.prepare('DELETE FROM certificates WHERE monitor_id = ?');
    this.monitorName = db.prepare('SELECT name FROM monitors WHERE id = ?');
  }

  /** Keeps the certificate. @returns the notice to give now, recorded as given, or null. */
  see(monitorId: string, { document, notifyAtDays }: CertificateSighting, now: number): Notice | null {
    const text = JSON.stringify(document);
    const before = this.current.get(monitorId);
    const { certInfo } = document;
    const fingerprint = certInfo?.fingerprint256 ?? null;
    // The document changes once a day (days remaining): nearly every check finds it as it is.
    if (before?.document !== text) this.save.run(monitorId, text, fingerprint, now);
    if (before && before.fingerprint !== fingerprint) this.clearNotices.run(monitorId);
    if (!certInfo || notifyAtDays.length === 0) return null;

    const given = this.notices.pluck().all(monitorId) as number[];
    const days = dueNotice(certInfo.daysRemaining, Date.parse(certInfo.validTo), now, notifyAtDays, given);
    if (days === null) return null;
    this.addNotice.run(monitorId, days, now);
    return {
      kind: days === EXPIRED ? 'certificate-expired' : 'certificate',
      source: `certificate:${monitorId}:${fingerprint?.replaceAll(':', '').slice(0, 64)}:${days}`,
      text: noticeText(this.monitorName.pluck().get(monitorId) as string, certInfo, days),
    };
  }

  forget(monitorId: string): void {
    this.clearNotices.run(monitorId);
    this.remove.run(monitorId);
  }
}
