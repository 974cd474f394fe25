import { statusNumber } from '@app/core';
import type { Heartbeat } from '@app/core';

/** A heartbeat on the wire: in lists, on the sockets and in notifications. */
export interface HeartbeatView {
  id: string;
  monitor_id: string;
  /** 0 down, 1 up, 2 pending, 3 maintenance. */
  status: number;
  msg: string;
  /** Latency, ms. */
  ping: number;
  /** Always 0. */
  duration: number;
  down_count: number;
  retries: number;
  important: boolean;
  /** Start and end of the check, RFC 3339. */
  time: string;
  end_time: string;
  notified: boolean;
}

export function toHeartbeatView(heartbeat: Heartbeat): HeartbeatView {
  return {
    id: heartbeat.id,
    monitor_id: heartbeat.monitorId,
    status: statusNumber(heartbeat.status),
    msg: heartbeat.message,
    ping: heartbeat.latencyMs,
    duration: 0,
    down_count: heartbeat.downCount,
    retries: heartbeat.retries,
    important: heartbeat.important,
    time: new Date(heartbeat.time).toISOString(),
    end_time: new Date(heartbeat.endTime).toISOString(),
    notified: heartbeat.notified,
  };
}
