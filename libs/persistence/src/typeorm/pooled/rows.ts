import { statusNumber, statusOf } from '@app/core';
import type { Announcement, Delivery, MonitorState, Period } from '@app/core';
import type { Tuple } from '../row-mapper';

/** What a timeline on a database server writes, row by row. */
export interface BeatRow {
  key: number;
  time: number;
  nonce: number;
  status: number;
  latency: number;
  duration: number;
  retries: number;
  downCount: number;
  important: boolean;
  notified: boolean;
  message: string;
}

export type BeatKey = Pick<BeatRow, 'key' | 'time' | 'nonce'>;

export interface BucketRow {
  key: number;
  /** Start divided by the length of the period. */
  bucket: number;
  up: number;
  down: number;
  maintenance: number;
  latencySum: number;
  latencyMin: number | null;
  latencyMax: number | null;
}

export interface StateRow {
  monitorId: string;
  key: number;
  state: MonitorState;
}

export interface CertificateRow {
  monitorId: string;
  document: string;
  fingerprint: string | null;
}

export interface NoticeRow {
  monitorId: string;
  days: number;
}

export type DeliveryRow = Pick<Delivery, 'id' | 'monitorId' | 'channelId' | 'kind' | 'source' | 'text' | 'heartbeat'>;

/** Half open, in numbers of buckets. */
export interface BucketRange {
  period: Period;
  from: number;
  to: number;
}

export const STATE_COLUMNS =
  'monitor_id, monitor_key, status, time, retries, down_count, announced, last_push_at, last_maintenance_at';

const ANNOUNCED: Record<Announcement, number> = { down: 0, up: 1 };

/** A row of {@link STATE_COLUMNS}. */
export function toStateRow(tuple: Tuple): StateRow {
  const [monitorId, key, status, time, retries, downCount, announced, lastPushAt, lastMaintenanceAt] = tuple as [
    string,
    ...(number | null)[],
  ];
  return {
    monitorId,
    key: key!,
    state: {
      status: status === null ? null : statusOf(status!),
      time: time!,
      retries: retries!,
      downCount: downCount!,
      announced: announced === null ? null : announced === ANNOUNCED.up ? 'up' : 'down',
      lastPushAt: lastPushAt!,
      lastMaintenanceAt: lastMaintenanceAt!,
    },
  };
}

/** {@link STATE_COLUMNS} of a row. */
export function stateValues({ monitorId, key, state }: StateRow): (string | number | null)[] {
  const { status, time, retries, downCount, announced, lastPushAt, lastMaintenanceAt } = state;
  return [
    monitorId,
    key,
    status === null ? null : statusNumber(status),
    time,
    retries,
    downCount,
    announced === null ? null : ANNOUNCED[announced],
    lastPushAt,
    lastMaintenanceAt,
  ];
}
