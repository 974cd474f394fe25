import type { CertificateDocument } from './certificate';
import type { Status } from './status';

/** What the rules need to know of the monitor, as it was when the check was scheduled. */
export interface MonitorRules {
  /** Failing checks in a row that count as pending before the monitor is down. */
  maxRetries: number;
  /** Beats stored as down between two reminders; 0 = no reminders. */
  resendInterval: number;
  intervalSeconds: number;
  /** From a pending beat to the next check. */
  retryIntervalSeconds: number;
}

/**
 * The outcome of one check, of one push, or of one look for a push that should have come (`missed-push`: whether it
 * did is decided where the last push is known). Applied at most once: `monitorId`, `startedAt` and `nonce` identify it.
 */
export interface CheckResult {
  kind: 'check' | 'push' | 'missed-push';
  monitorId: string;
  status: Status;
  /** At most 1,000 characters survive. */
  message: string;
  /** Epoch milliseconds. */
  startedAt: number;
  endedAt: number;
  latencyMs: number;
  /** 0 for checks; tells pushes of the same millisecond apart. */
  nonce: number;
  rules: MonitorRules;
  /** `missed-push` only: no push was due before this moment plus one interval (creation, resume, our own absence). */
  graceFrom?: number;
  certificate?: CertificateSighting;
}

/** A certificate seen by a check, and the days before its expiry at which people want to hear of it. */
export interface CertificateSighting {
  document: CertificateDocument;
  /** Empty = nobody wants to. */
  notifyAtDays: readonly number[];
}

/** A stored outcome. */
export interface Heartbeat {
  id: string;
  monitorId: string;
  status: Status;
  message: string;
  latencyMs: number;
  downCount: number;
  retries: number;
  important: boolean;
  notified: boolean;
  time: number;
  endTime: number;
}

export const MESSAGE_MAX = 1000;

/** Cut to {@link MESSAGE_MAX} characters, never through a surrogate pair; NUL, which some engines refuse, dropped. */
export function cutMessage(text: string): string {
  const clean = (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed();
  if (clean.length <= MESSAGE_MAX) return clean;
  return Array.from(clean.slice(0, 2 * MESSAGE_MAX))
    .slice(0, MESSAGE_MAX)
    .join('');
}
