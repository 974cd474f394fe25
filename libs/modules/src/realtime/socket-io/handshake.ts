import { isAppError } from '@app/core';
import type { Socket } from 'socket.io';
import { keyOf } from '../../auth/credential';
import type { SocketSessions } from '../sessions/socket-sessions';
import type { EngineSocket } from './engine-socket';

/** Sockets of which one packet asked to connect, and was not refused. */
const connecting = new WeakSet<EngineSocket>();

/** The text of a `connect_error`, which clients compare. */
class Refusal extends Error {
  constructor(
    message: string,
    readonly data: string | null,
  ) {
    super(message);
  }
}

/**
 * Lets in who brought an access token in the query of the request that opened the connection, or an API key among its
 * headers.
 * @throws Refusal with the contract's messages
 */
export async function admit(socket: Socket, sessions: SocketSessions): Promise<void> {
  const { conn } = socket;
  const cut = () => void conn.close(true);
  if (connecting.has(conn)) {
    cut();
    throw new Refusal('Unauthorized', null);
  }
  const { token } = socket.handshake.query;
  const credential = keyOf(socket.handshake.headers) ?? (typeof token === 'string' ? { kind: 'token', token } : null);
  if (!credential) throw new Refusal('access_token is required', 'test');
  connecting.add(conn);
  try {
    // Cut, not disconnected: the client then connects again, by itself, and learns that it is unauthorized.
    const session = await sessions.open(credential, cut);
    if (conn.readyState === 'open') conn.once('close', () => session.release());
    else session.release();
  } catch (error) {
    connecting.delete(conn);
    if (isAppError(error, 'unauthorized')) throw new Refusal('Unauthorized', null);
    cut();
    throw error;
  }
}

export interface ProtocolProblem {
  code: number;
  message: string;
}

/** What is wrong with a request before it has anything to do with a session; null when nothing is. */
export function protocolProblem(url: string): ProtocolProblem | null {
  const query = new URLSearchParams(url.split('?', 2)[1]);
  const transport = query.get('transport');
  if (transport !== 'polling' && transport !== 'websocket') return { code: 0, message: 'Transport unknown' };
  return query.get('EIO') === '4' ? null : { code: 4, message: 'Unsupported protocol version' };
}
