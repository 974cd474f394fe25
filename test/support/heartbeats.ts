import { EventBus, newId } from '@app/core';
import type { Heartbeat } from '@app/core';
import type { RunningApp } from './app';
import { NOON } from './clock';

/** An up beat of noon that took 20 ms, of a monitor that nobody knows. */
export function sampleHeartbeat(values: Partial<Heartbeat> = {}): Heartbeat {
  return {
    id: newId(),
    monitorId: newId(),
    status: 'up',
    message: 'OK',
    latencyMs: 20,
    downCount: 0,
    retries: 0,
    important: false,
    notified: false,
    time: NOON,
    endTime: NOON + 20,
    ...values,
  };
}

/** {@link sampleHeartbeat} as clients see it. */
export function sampleHeartbeatView({ id, monitorId, message }: Heartbeat) {
  return {
    id,
    monitor_id: monitorId,
    status: 1,
    msg: message,
    ping: 20,
    duration: 0,
    down_count: 0,
    retries: 0,
    important: false,
    time: '2026-11-24T12:00:00.000Z',
    end_time: '2026-11-24T12:00:00.020Z',
    notified: false,
  };
}

/** Announces a beat as the engine does once it is stored. */
export function announce(app: RunningApp, values: Partial<Heartbeat>): Heartbeat {
  const heartbeat = sampleHeartbeat(values);
  app.get(EventBus).publish('heartbeat', heartbeat, heartbeat.monitorId);
  return heartbeat;
}
