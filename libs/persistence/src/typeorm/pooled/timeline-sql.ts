import type { BeatWindow, Period } from '@app/core';
import type {
  BeatKey,
  BeatRow,
  BucketRange,
  BucketRow,
  CertificateRow,
  DeliveryRow,
  NoticeRow,
  StateRow,
} from './rows';
import type { Tuple } from '../row-mapper';
import type { SqlQuery } from './pool';

/** A table that {@link TimelineSql} prunes, and its column of time. */
export type PrunedTable = 'heartbeats' | `series_${Period}`;

/** What a batch writes whatever happens. */
export interface BatchRows {
  beats: readonly BeatRow[];
  buckets: Record<Period, readonly BucketRow[]>;
  states: readonly StateRow[];
}

export type RunQuery = (query: SqlQuery) => Promise<Tuple[]>;

/** A key of a table, and whether that has to do with a monitor. */
export interface PrunableKey {
  key: number;
  /** Moment or bucket of its first row; null when it has none. */
  oldest: number | null;
  /** It has a monitor. */
  exists: boolean;
}

export interface Prunable {
  keys: PrunableKey[];
  /** Where to go on; null = that was all of the table. */
  next: number | null;
}

/** The oldest rows of a monitor: those before a moment, or a number of a bucket. */
export interface Stretch {
  key: number;
  before: number;
}

/**
 * The statements of a timeline on a database server. Lists are never empty; each statement takes all of a batch, so
 * that their number does not grow with it.
 */
export interface TimelineSql {
  /** Rows of `STATE_COLUMNS`, locked in the order of the monitors' ids. */
  lockStates(monitorIds: readonly string[]): SqlQuery;
  /** Ids of those that exist, locked in their order. */
  lockMonitors(monitorIds: readonly string[]): SqlQuery;
  /** Makes the state rows that are missing, of monitors that exist and cannot go meanwhile. */
  insertStates(monitorIds: readonly string[]): SqlQuery;
  /** Rows of (monitor key, time, nonce). */
  storedBeats(keys: readonly BeatKey[]): SqlQuery;
  /** Inserts the beats, adds to the buckets (and makes those that are missing), saves the states. */
  store(rows: BatchRows): SqlQuery[];
  saveStates(rows: readonly StateRow[]): SqlQuery;
  /** Status numbers by monitor id. */
  saveStatuses(statuses: ReadonlyMap<string, number>): SqlQuery;
  deleteState(monitorId: string): SqlQuery;

  /** Rows of (monitor id, name, SHA-256 of the document in hex or null, fingerprint or null). */
  certificates(monitorIds: readonly string[]): SqlQuery;
  /** Rows of (monitor id, days). */
  notices(monitorIds: readonly string[]): SqlQuery;
  saveCertificates(rows: readonly CertificateRow[], now: number): SqlQuery;
  clearNotices(monitorIds: readonly string[]): SqlQuery;
  addNotices(rows: readonly NoticeRow[], now: number): SqlQuery;
  deleteCertificate(monitorId: string): SqlQuery;

  /** Rows of (monitor id, channel id): active ones, in the order of the links. */
  channels(monitorIds: readonly string[]): SqlQuery;
  /** What is there already (same source and channel) stays as it is. */
  addDeliveries(rows: readonly DeliveryRow[], now: number): SqlQuery;

  /** Rows of `STATE_COLUMNS` of monitors that have beats. */
  states(monitorIds: readonly string[]): SqlQuery;
  /** Rows of (monitor key, time, nonce, status, message, latency, duration, retries, down count, important, notified). */
  beats(monitorId: string, window: BeatWindow): SqlQuery;
  /** Rows of (monitor id, and those of `beats`): the newest `limit` of each monitor, in any order. */
  newest(monitorIds: readonly string[], limit: number): SqlQuery;
  /** Rows of (bucket, up, down, maintenance, sum, least and greatest latency), from <= bucket <= to. */
  series(monitorId: string, period: Period, from: number, to: number): SqlQuery;
  /** Rows of (index of the range, monitor id, up, down). */
  sums(monitorIds: readonly string[], ranges: readonly BucketRange[]): SqlQuery;
  certificate(monitorId: string): SqlQuery;

  /** The next keys after one, about `limit` of them. */
  prunable(run: RunQuery, table: PrunedTable, after: number, limit: number): Promise<Prunable>;
  /** Deletes up to `limit` of the oldest rows of these stretches, in one statement or in several. */
  prune(table: PrunedTable, stretches: readonly Stretch[], limit: number): SqlQuery[];
}
