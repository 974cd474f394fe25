import type { ProxySettings } from '../monitoring/proxy';
import type { CheckResult, MonitorRules } from '../monitoring/result';

/** One check to run, with all that a worker needs: it has no database. */
export interface CheckJob {
  monitorId: string;
  monitorName: string;
  type: string;
  /** JSON text, as stored. */
  config: string;
  timeoutSeconds: number;
  /** With its credentials, like the config. */
  proxy?: ProxySettings;
  rules: MonitorRules;
  /** Epoch ms. A job older than one and a half intervals is not run any more. */
  scheduledAt: number;
  /** For push monitors: see `CheckResult.graceFrom`. */
  graceFrom?: number;
  /** Certificates: days before expiry at which people want to hear of it; empty = not at all. */
  notifyAtDays: readonly number[];
}

/** The right to run a check, in all processes. */
export interface Lease {
  /** False when it may have passed to somebody else: this process stood still for too long. Its outcome is void. */
  readonly held: boolean;
}

export type RunCheck = (job: CheckJob, lease: Lease) => Promise<void>;

export interface Consumer {
  /** Takes no more work; resolves when what was taken is finished. */
  stop(): Promise<void>;
}

/** Checks on their way from the producers to the workers. */
export abstract class CheckQueue {
  /** @returns false, and takes nothing, when a check of this monitor is waiting or running: that tick is skipped. */
  abstract offer(job: CheckJob): Promise<boolean>;

  /** Runs up to `concurrency` checks at once. A failing or lost run never blocks the monitor's next one. */
  abstract consume(concurrency: number, run: RunCheck): Consumer;

  /** Checks waiting for a worker. */
  abstract depth(): Promise<number>;
}

/** Results on their way to the timeline. */
export abstract class ResultQueue {
  /**
   * Resolves when the result survives a crash of this process: stored (in process) or queued (Redis).
   * @throws AppError `unavailable` when it cannot be kept; `too_many_requests` when too many wait already.
   */
  abstract submit(result: CheckResult): Promise<void>;

  /**
   * Hands results over in batches, in the order of arrival per monitor, one batch at a time. A batch that fails
   * with `unavailable` is handed over again until it succeeds or the consumer stops; one that fails otherwise is
   * split, so that one bad result costs only itself.
   */
  abstract consume(apply: (results: readonly CheckResult[]) => Promise<void>): Consumer;

  abstract depth(): Promise<number>;
}
