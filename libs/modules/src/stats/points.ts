import { MINUTE, PERIOD_MS, SECOND, bucketStart, uptimePercent } from '@app/core';
import type { Bucket, Period } from '@app/core';

/** One stretch of a chart, as clients know it. Latencies in ms, 0 where nothing was up. */
export interface Point {
  up: number;
  down: number;
  maintenance: number;
  ping: number;
  ping_min: number;
  ping_max: number;
  /** Start, epoch milliseconds. */
  timestamp: number;
}

export interface PointsSummary {
  points: Point[];
  maxPing: number | null;
  minPing: number | null;
  avgPing: number | null;
  /** 0 to 100; null without beats that count. */
  uptime: number | null;
}

export interface Range {
  since: number;
  until: number;
  period: Period;
}

/**
 * How long one point is. Minutes of a monitor that is checked less often than that are put together, or every
 * second point of its chart would be empty: its interval, rounded to whole minutes, halves up.
 */
export function pointLength(period: Period, intervalSeconds: number): number {
  if (period !== 'minute' || intervalSeconds <= 60) return PERIOD_MS[period];
  return Math.floor((intervalSeconds * SECOND) / MINUTE + 0.5) * MINUTE;
}

/** Where the buckets of a chart start: at the whole point that holds `since`. */
export function firstPoint(since: number, length: number): number {
  return Math.floor(since / length) * length;
}

/** Puts buckets (ascending) into points without gaps. */
export function toPoints(
  buckets: readonly Bucket[],
  { since, until, period }: Range,
  intervalSeconds: number,
): PointsSummary {
  const length = pointLength(period, intervalSeconds);
  // A chart of put-together minutes that is no longer than a moment has no point, as clients know it.
  if (length !== PERIOD_MS[period] && since === until) return summarize([]);
  const merged: Bucket[] = [];
  let next = 0;
  for (let start = firstPoint(since, length); start <= until; start += length) {
    const point = empty(start);
    while (next < buckets.length && buckets[next]!.start < start + length) add(point, buckets[next++]!);
    merged.push(point);
  }
  return summarize(merged);
}

/** How many points a range asks for, before any are put together. */
export function countPoints({ since, until, period }: Range): number {
  return Math.floor((until - since) / PERIOD_MS[period]) + 1;
}

/** First bucket to read for a range. */
export function firstBucket({ since, period }: Range, intervalSeconds: number): number {
  return firstPoint(bucketStart(since, period), pointLength(period, intervalSeconds));
}

function empty(start: number): Bucket {
  return { start, up: 0, down: 0, maintenance: 0, latencySum: 0, latencyMin: null, latencyMax: null };
}

function add(point: Bucket, bucket: Bucket): void {
  point.up += bucket.up;
  point.down += bucket.down;
  point.maintenance += bucket.maintenance;
  point.latencySum += bucket.latencySum;
  point.latencyMin = lesser(point.latencyMin, bucket.latencyMin);
  point.latencyMax = greater(point.latencyMax, bucket.latencyMax);
}

function summarize(buckets: readonly Bucket[]): PointsSummary {
  const total = empty(0);
  for (const bucket of buckets) add(total, bucket);
  return {
    points: buckets.map((bucket) => ({
      up: bucket.up,
      down: bucket.down,
      maintenance: bucket.maintenance,
      ping: bucket.up > 0 ? bucket.latencySum / bucket.up : 0,
      ping_min: bucket.latencyMin ?? 0,
      ping_max: bucket.latencyMax ?? 0,
      timestamp: bucket.start,
    })),
    maxPing: total.latencyMax,
    minPing: total.latencyMin,
    avgPing: total.up > 0 ? total.latencySum / total.up : null,
    uptime: uptimePercent(total),
  };
}

function lesser(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

function greater(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
