import { isoTime, statusNumber } from '@app/core';
import type { Heartbeat } from '@app/core';
import type { HeartbeatView } from '@app/notifiers';

/** A heartbeat on the wire: in lists, on the sockets and in notifications. */
export type { HeartbeatView };

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
    time: isoTime(heartbeat.time),
    end_time: isoTime(heartbeat.endTime),
    notified: heartbeat.notified,
  };
}

/**
 * The answer of a list of heartbeats, as JSON text. Written by hand because charts ask for 150 of them at a time, and
 * a general serializer takes three times as long (measured); a spec compares it with {@link toHeartbeatView}.
 */
export function heartbeatListJson(message: string, heartbeats: readonly Heartbeat[]): string {
  let text = `{"message":${JSON.stringify(message)},"data":[`;
  let lastMessage: string | undefined;
  let quoted = '';
  for (let i = 0; i < heartbeats.length; i++) {
    const beat = heartbeats[i]!;
    if (beat.message !== lastMessage) {
      lastMessage = beat.message;
      quoted = JSON.stringify(lastMessage);
    }
    text +=
      `${i === 0 ? '' : ','}{"id":"${beat.id}","monitor_id":"${beat.monitorId}","status":${statusNumber(beat.status)}` +
      `,"msg":${quoted},"ping":${beat.latencyMs},"duration":0,"down_count":${beat.downCount},"retries":${beat.retries}` +
      `,"important":${beat.important},"time":"${isoTime(beat.time)}","end_time":"${isoTime(beat.endTime)}"` +
      `,"notified":${beat.notified}}`;
  }
  return `${text}]}`;
}
