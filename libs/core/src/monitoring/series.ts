import { DAY, HOUR, MINUTE } from '../clock';
import type { Status } from './status';

export const PERIODS = ['minute', 'hour', 'day'] as const;
export type Period = (typeof PERIODS)[number];

export const PERIOD_MS: Record<Period, number> = { minute: MINUTE, hour: HOUR, day: DAY };

/** Beats of one monitor in one stretch of time. Latencies are of the up beats, in ms; null without one. */
export interface Bucket {
  /** Start, epoch milliseconds, UTC-aligned. */
  start: number;
  up: number;
  /** Down and pending beats. */
  down: number;
  maintenance: number;
  latencySum: number;
  latencyMin: number | null;
  latencyMax: number | null;
}

export function bucketStart(time: number, period: Period): number {
  return Math.floor(time / PERIOD_MS[period]) * PERIOD_MS[period];
}

/** What one beat adds to its bucket. */
export function tally(status: Status): { up: 0 | 1; down: 0 | 1; maintenance: 0 | 1 } {
  return {
    up: status === 'up' ? 1 : 0,
    down: status === 'down' || status === 'pending' ? 1 : 0,
    maintenance: status === 'maintenance' ? 1 : 0,
  };
}

export interface Counts {
  up: number;
  down: number;
}

/** Share of up beats, 0 to 100; null when no beat counts. Maintenance and unknown time count as neither. */
export function uptimePercent({ up, down }: Counts): number | null {
  return up + down === 0 ? null : (up / (up + down)) * 100;
}

/** Which series answers a window: whole buckets of `period` from `from` on, and `edge` buckets before that. */
export interface WindowPlan {
  edge: { period: Period; from: number; to: number };
  body: { period: Period; from: number; to: number };
}

/**
 * How to count the beats of the last `windowMs` without reading one: days (or hours, up to two days) inside,
 * finer buckets at the old edge. Both ranges are half open: from <= start < to. Exact to one minute up to two days,
 * to one hour beyond.
 */
export function planWindow(now: number, windowMs: number): WindowPlan {
  const [body, fine]: [Period, Period] = windowMs <= 2 * DAY ? ['hour', 'minute'] : ['day', 'hour'];
  const since = now - windowMs;
  const firstWhole = Math.ceil(since / PERIOD_MS[body]) * PERIOD_MS[body];
  return {
    edge: { period: fine, from: Math.ceil(since / PERIOD_MS[fine]) * PERIOD_MS[fine], to: firstWhole },
    body: { period: body, from: firstWhole, to: now + 1 },
  };
}
