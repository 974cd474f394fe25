import type { Heartbeat } from '../monitoring/result';
import type { Status } from '../monitoring/status';

export interface MonitorEvent {
  id: string;
  name: string;
  status: Status;
}

/** Everything that one part of the server tells the others. Ids and what a socket shows; never a secret. */
export interface Events {
  heartbeat: Heartbeat;
  'monitor.created': MonitorEvent;
  'monitor.updated': MonitorEvent;
  'monitor.deleted': { id: string };
  'monitor.status.changed': MonitorEvent & { previous: Status | null };
  /** A monitor's check has to run at once: created or resumed. */
  'monitor.due': { id: string };
  /** Sessions that are over. Without `sessionId` all of the user's except `exceptSessionId`. */
  'session.ended': { userId: string; sessionId?: string; exceptSessionId?: string };
  /** Role, activity or existence. */
  'user.changed': { id: string };
  'api-key.changed': { id: string };
  /** There may be something to send. */
  'deliveries.waiting': Record<string, never>;
  'setting.changed': { key: string };
  /** Told to this process alone: messages may not have come through. Whoever relies on them looks for itself. */
  'messages.lost': Record<string, never>;
  /** A maintenance, or which monitors it is for; also when it is new or gone. */
  'maintenance.changed': { id: string };
  /** A status page, its domains or its monitors; also when it is new or gone. */
  'status-page.changed': { id: string };
}

export type EventName = keyof Events;

/**
 * Tells every process what happened, after it was committed. A lost message costs a live update, never data.
 * Handlers never delay or fail the publisher; those of one subscriber see messages in the order published here.
 */
export abstract class EventBus {
  abstract publish<K extends EventName>(name: K, payload: Events[K], key?: string): void;

  /** With `key`, only messages published with that key arrive. @returns how to stop listening. */
  abstract subscribe<K extends EventName>(name: K, handler: (payload: Events[K]) => void, key?: string): () => void;
}
