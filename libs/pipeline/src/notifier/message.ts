import type { Delivery, Heartbeat } from '@app/core';
import { statusNumber } from '@app/core';
import { HIDDEN, hideSecrets } from '@app/checkers';
import { toHeartbeatView } from '@app/modules/heartbeats';
import { MonitorDto } from '@app/modules/monitors';
import type { Monitor } from '@app/modules/monitors';
import type { Message } from '@app/notifiers';

/** What a delivery says, of the monitor as it is now but with the status that the message is about. */
export function toMessage(delivery: Delivery, monitor: Monitor): Message {
  const heartbeat = delivery.heartbeat === null ? null : (JSON.parse(delivery.heartbeat) as Heartbeat);
  const dto = MonitorDto.from(monitor);
  const view = heartbeat ? { ...dto, status: statusNumber(heartbeat.status) } : dto;
  const config = hideSecrets(monitor.type, view.config);
  return {
    text: delivery.text,
    monitor: { ...view, config, push_token: view.push_token && HIDDEN },
    monitorWithSecrets: view,
    heartbeat: heartbeat && toHeartbeatView(heartbeat),
    idempotencyKey: delivery.id,
  };
}
