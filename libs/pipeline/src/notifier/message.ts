import type { Delivery, Heartbeat } from '@app/core';
import { statusNumber } from '@app/core';
import { toHeartbeatView } from '@app/modules/heartbeats';
import { MonitorDto } from '@app/modules/monitors';
import type { Monitor } from '@app/modules/monitors';
import type { Message } from '@app/notifiers';

/** What a delivery says, of the monitor as it is now but with the status that the message is about. */
export function toMessage(delivery: Delivery, monitor: Monitor): Message {
  const heartbeat = delivery.heartbeat === null ? null : (JSON.parse(delivery.heartbeat) as Heartbeat);
  const view = MonitorDto.from(monitor);
  return {
    text: delivery.text,
    monitor: heartbeat ? { ...view, status: statusNumber(heartbeat.status) } : view,
    heartbeat: heartbeat && toHeartbeatView(heartbeat),
    idempotencyKey: delivery.id,
  };
}
