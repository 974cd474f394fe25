import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';

/**
 * Writes ready frames in one go. `ws` has no public way to send more than one message per write, and writes are what
 * a broadcast costs; hence its private `_socket`. Safe between two frames, and `ws` never leaves one half written: no
 * compression is negotiated and nothing is sent in fragments, the only things that it queues for.
 * @returns false when nothing was written, because the socket closes or has another shape than we know.
 */
export function writeFrames(webSocket: WebSocket, frames: Buffer): boolean {
  const socket = (webSocket as unknown as { _socket?: Writable | null })._socket;
  if (webSocket.readyState !== webSocket.OPEN || !socket?.writable) return false;
  socket.write(frames);
  return true;
}
