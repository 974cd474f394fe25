import type { CertificateDocument } from '../monitoring/certificate';
import type { CheckResult, Heartbeat } from '../monitoring/result';
import type { Bucket, Counts, Period } from '../monitoring/series';
import type { MonitorState } from '../monitoring/transition';
import type { Status } from '../monitoring/status';

/** What a result left behind. */
export interface Applied {
  heartbeat: Heartbeat;
  /** Null for the first beat. */
  previousStatus: Status | null;
  /** The next check is due after the monitor's retry interval instead of at its next tick. */
  retry: boolean;
  /** Deliveries were written for the notifier. */
  announced: boolean;
}

export interface BeatWindow {
  /** 1 to 1000. */
  limit: number;
  offset?: number;
  important?: boolean;
}

export interface Retention {
  /** Beats before this moment go; buckets of a period before its moment go. Epoch ms; absent = kept for ever. */
  beatsBefore?: number;
  seriesBefore: Partial<Record<Period, number>>;
}

/**
 * The history of the monitors: the hot path. What is told of a monitor here follows `advance()` alone, so every
 * engine gives the same answers, to the millisecond.
 */
export abstract class Timeline {
  /**
   * Applies results in the order given, all or none (where the engine can; otherwise recoverable): heartbeat,
   * state, `status` of the monitor, the three series, certificate, and one delivery per active channel for each
   * announcement. A result that was applied before, or whose monitor is gone, leaves nothing. Concurrent calls,
   * also from other processes, take turns per monitor.
   * @returns one entry per stored beat, in order.
   * @throws AppError `unavailable` when the database is away; then nothing was applied.
   */
  abstract apply(results: readonly CheckResult[]): Promise<Applied[]>;

  /** Monitors without a beat, and unknown ones, have no entry. */
  abstract states(monitorIds: readonly string[]): Promise<Map<string, MonitorState>>;

  /** Newest first; beats of the same millisecond by id. Unknown monitors have none. */
  abstract beats(monitorId: string, window: BeatWindow): Promise<Heartbeat[]>;

  /**
   * The newest `limit` beats (1 to 1000) of each monitor, newest first, as {@link beats} gives them. Monitors without a
   * beat, and unknown ones, have no entry.
   */
  abstract newest(monitorIds: readonly string[], limit: number): Promise<Map<string, Heartbeat[]>>;

  /** Buckets that hold a beat, from <= start <= to, ascending. */
  abstract series(monitorId: string, period: Period, from: number, to: number): Promise<Bucket[]>;

  /**
   * Beats of the last `windowMs` of each window before `now`, per monitor and window in the order given. Monitors
   * without a beat, and unknown ones, have no entry.
   */
  abstract uptime(
    monitorIds: readonly string[],
    windowsMs: readonly number[],
    now: number,
  ): Promise<Map<string, Counts[]>>;

  /**
   * Forgets beats and series; the next beat is a first one. What was announced, the grace of a push monitor and the
   * certificate stay. Takes part in a transaction of the store.
   */
  abstract reset(monitorId: string): Promise<void>;

  /**
   * Everything of a monitor that is being deleted; its beats leave the disk later, by {@link prune}. Takes part in a
   * transaction of the store.
   */
  abstract forget(monitorId: string): Promise<void>;

  /** Null when none was seen. */
  abstract certificate(monitorId: string): Promise<CertificateDocument | null>;

  /** Deletes a bounded part of what is too old. @returns false when nothing is left to delete. */
  abstract prune(retention: Retention): Promise<boolean>;
}
