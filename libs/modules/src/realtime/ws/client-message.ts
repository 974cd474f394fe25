import type { RawData } from 'ws';

/** What a client said, or what is wrong with it. `id` comes back in the answer. */
export type ClientMessage =
  | { event: 'authenticate'; token: string; id?: MessageId }
  | { event: 'join_room' | 'leave_room'; room: string; id?: MessageId }
  | { event: 'ping'; id?: MessageId }
  | { event: 'invalid'; problem: string; id?: MessageId };

export type MessageId = string | number;

const MAX_ID_LENGTH = 128;

export function parseClientMessage(frame: RawData): ClientMessage {
  const message = parseObject(frame);
  if (!message) return { event: 'invalid', problem: 'Messages are JSON objects with an event' };
  const { event, data } = message;
  const id = messageId(message.id);
  switch (event) {
    case 'authenticate': {
      const token = typeof data === 'object' && data !== null ? (data as { token?: unknown }).token : undefined;
      // A bad token is a failed authentication whatever it looks like.
      return { event, token: typeof token === 'string' ? token : '', id };
    }
    case 'join_room':
    case 'leave_room':
      if (typeof data !== 'string') return { event: 'invalid', problem: 'data must be the name of a room', id };
      return { event, room: data, id };
    case 'ping':
      return { event, id };
    default:
      return { event: 'invalid', problem: 'Unknown event', id };
  }
}

function parseObject(frame: RawData): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse((frame as Buffer).toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function messageId(id: unknown): MessageId | undefined {
  if (typeof id === 'number') return id;
  return typeof id === 'string' && id.length <= MAX_ID_LENGTH ? id : undefined;
}
