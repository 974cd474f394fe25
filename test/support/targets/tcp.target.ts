import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { listen } from './listening';
import type { Listening } from './listening';

/** Accepts connections and does with them as told; by default nothing. */
export function startTcpTarget(serve: (socket: Socket) => void = () => undefined, host?: string): Promise<Listening> {
  return listen(createServer(serve), host);
}

/** A port that nobody listens on: it was somebody's until just now. */
export async function closedPort(host?: string): Promise<number> {
  const target = await startTcpTarget(undefined, host);
  await target.close();
  return target.port;
}
