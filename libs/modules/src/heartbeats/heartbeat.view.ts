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
 * The answer of a list of heartbeats, as JSON text. Written by hand because charts ask for 150 of them at a time: a
 * general serializer takes three times as long (measured), and what is like in the beat before is not written anew. A
 * spec compares it with {@link toHeartbeatView}.
 */
export function heartbeatListJson(message: string, heartbeats: readonly Heartbeat[]): string {
  let text = `{"message":${JSON.stringify(message)},"data":[`;
  let last: Heartbeat | undefined;
  let outcome = '';
  let counts = '';
  let end = '';
  for (const beat of heartbeats) {
    if (beat.status !== last?.status || beat.message !== last.message || beat.monitorId !== last.monitorId) {
      const { monitorId, status, message } = beat;
      outcome = `","monitor_id":"${monitorId}","status":${statusNumber(status)},"msg":${JSON.stringify(message)},"ping":`;
    }
    if (beat.downCount !== last?.downCount || beat.retries !== last.retries || beat.important !== last.important) {
      const { downCount, retries, important } = beat;
      counts = `,"duration":0,"down_count":${downCount},"retries":${retries},"important":${important},"time":"`;
    }
    if (beat.notified !== last?.notified) end = `","notified":${beat.notified}}`;
    text +=
      (last === undefined ? '{"id":"' : ',{"id":"') +
      beat.id +
      outcome +
      beat.latencyMs +
      counts +
      isoTime(beat.time) +
      '","end_time":"' +
      isoTime(beat.endTime) +
      end;
    last = beat;
  }
  return `${text}]}`;
}
