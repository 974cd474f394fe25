import type { Announcement, Delivery, Period, Status } from '@app/core';

/** Everything that the timeline remembers of a monitor between two beats; `_id` is the monitor's id. */
export interface StateDocument {
  _id: string;
  /** Internal number of the monitor; a new one after a reset. */
  key: number;
  /** Grows with every change: whoever changes the document says from which version. */
  version: number;
  status: Status | null;
  time: number | null;
  retries: number;
  downCount: number;
  announced: Announcement | null;
  lastPushAt: number | null;
  lastMaintenanceAt: number | null;
  certificate?: CertificateRecord;
  /** What this version still has to do elsewhere. */
  pending?: Pending;
  /** When that was written, epoch ms; indexed, and only there with it. */
  pendingAt?: number;
  /** Who made the last versions, newest last. */
  makers: string[];
}

export interface CertificateRecord {
  /** JSON. */
  document: string;
  fingerprint: string | null;
  /** Thresholds of which notice was given, in days. */
  notices: number[];
}

/** The effects of one version of a state, each safe to repeat, by several processes at once, and after newer ones. */
export interface Pending {
  /** Moment of the newest beat before these; null when there was none: buckets after it are new. */
  since: number | null;
  beats: BeatDocument[];
  deliveries: DeliveryDocument[];
  /** Of the monitor, when it changed. */
  status: Status | null;
}

/** `_id` orders beats by monitor, time and nonce: the one index that all reads need. See {@link beatKey}. */
export interface BeatDocument {
  _id: string;
  status: number;
  message: string;
  latency: number;
  duration: number;
  /** Left out when 0. */
  retries?: number;
  downCount?: number;
  /** The document's own id when it is important: a sparse index over it holds these beats only. */
  important?: string;
  notified?: true;
}

/** `_id` orders buckets by monitor and start. */
export interface BucketDocument {
  _id: string;
  key: number;
  /** The version of the monitor's state that was counted last. */
  version: number;
  up: number;
  down: number;
  maintenance: number;
  latencySum: number;
  latencyMin?: number;
  latencyMax?: number;
}

/** As the store writes a {@link Delivery}: without what is null. */
export type DeliveryDocument = Pick<
  Delivery,
  'createdAt' | 'updatedAt' | 'monitorId' | 'channelId' | 'kind' | 'source' | 'text' | 'state' | 'attempts' | 'dueAt'
> & { _id: string; heartbeat?: string };

export const STATES = 'monitor_states';
export const BEATS = 'heartbeats';
export const COUNTERS = 'counters';
/** The counter that numbers monitors. */
export const MONITOR_KEYS = 'monitor_keys';

export function seriesOf(period: Period): `series_${Period}` {
  return `series_${period}`;
}

/** Epoch ms below this fit in {@link TIME_DIGITS} hexadecimal digits: until the year 10889. */
const TIME_DIGITS = 12;
/** Greater than any digit. */
const END = 'g';

/** Fixed width, so that texts sort as the numbers do. */
function digits(value: number, width: number): string {
  return value.toString(16).padStart(width, '0');
}

/** Beginning of the ids of all beats and buckets of a monitor. */
export function keyPrefix(key: number): string {
  return digits(key, 8);
}

export function afterKey(key: number): string {
  return keyPrefix(key) + END;
}

export function bucketKey(key: number, start: number): string {
  // JavaScript's largest whole number has more digits than any time.
  return start >= 16 ** TIME_DIGITS ? afterKey(key) : keyPrefix(key) + digits(Math.max(start, 0), TIME_DIGITS);
}

export function beatKey(key: number, timeMs: number, nonce: number): string {
  return bucketKey(key, timeMs) + digits(nonce, 6);
}

export function parseKey(id: string): { key: number; time: number; nonce: number } {
  return {
    key: parseInt(id.slice(0, 8), 16),
    time: parseInt(id.slice(8, 20), 16),
    nonce: parseInt(id.slice(20) || '0', 16),
  };
}
