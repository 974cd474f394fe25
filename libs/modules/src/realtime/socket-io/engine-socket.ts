import type { Socket } from 'socket.io';
import type { WebSocket } from 'ws';
import { writeFrames } from '../rooms/write-frames';

/** The Engine.IO connection under a Socket.IO socket. */
export type EngineSocket = Socket['conn'];

interface Internals {
  writeBuffer: unknown[];
  /** The WebSocket of the `websocket` transport. */
  transport: { socket?: WebSocket; onPacket(packet: { type: string }): void; doClose(done?: () => void): void };
}

/** Engine.IO keeps what we need to itself; this file is the only place that knows how it looks inside. */
function internals(conn: EngineSocket): Internals {
  return conn as unknown as Internals;
}

/**
 * Writes ready frames past Engine.IO, which would cost several times the broadcast itself.
 * @returns false when it must go the regular way: polling, an upgrade under way, packets that are waiting, or an
 * Engine.IO that looks different inside.
 */
export function writePacketFrames(conn: EngineSocket, frames: Buffer): boolean {
  const { writeBuffer, transport } = internals(conn);
  if (conn.readyState !== 'open' || conn.transport.name !== 'websocket' || !conn.transport.writable) return false;
  if (writeBuffer.length > 0 || !transport.socket) return false;
  return writeFrames(transport.socket, frames);
}

/** What the transport has taken and the client has not read yet. */
export function bufferedBytes(conn: EngineSocket): number {
  return internals(conn).transport.socket?.bufferedAmount ?? 0;
}

/**
 * Makes a connection behave as clients of the reference know it:
 * a packet that cannot be parsed is ignored when it was polled (a WebSocket is closed for it), and a WebSocket that
 * we close is cut, without a closing handshake, so that nobody waits 30 seconds for a client that is gone.
 */
export function adoptManners(conn: EngineSocket): void {
  const adopt = () => {
    const { transport } = internals(conn);
    const { socket } = transport;
    if (socket) {
      transport.doClose = (done) => {
        socket.terminate();
        done?.();
      };
    } else {
      const onPacket = transport.onPacket.bind(transport);
      transport.onPacket = (packet) => {
        if (packet.type !== 'error') onPacket(packet);
      };
    }
  };
  adopt();
  conn.on('upgrade', adopt);
}
