import { API_PREFIX } from '@app/platform';
import { parseQueryString } from '@app/platform/http/query-string';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import type { OnGatewayConnection } from '@nestjs/websockets';
import type { IncomingMessage } from 'node:http';
import type { ServerOptions, WebSocket } from 'ws';
import { keyOf } from '../../auth/credential';
import type { Credential } from '../../auth/credential';
import { MAX_MESSAGE_BYTES, RealtimeTimings } from '../limits';
import { RoomAccess } from '../rooms/room-access';
import { RoomRegistry } from '../rooms/room-registry';
import { AllowedOrigins } from '../sessions/allowed-origins';
import { SocketSessions } from '../sessions/socket-sessions';
import { CLOSING, WsConnection } from './ws-connection';
import type { ConnectionServices } from './ws-connection';

/**
 * The live channel: RFC 6455, JSON text messages. What is wrong with a message is answered; a socket is closed when it
 * is not (or no longer) authenticated, sends binary, oversized (1009) or broken frames (1002, 1007), floods, or does
 * not read. Messages carry an `id` that comes back in the answer, so we read the frames ourselves: Nest's message
 * handlers see only the data.
 */
@WebSocketGateway<ServerOptions>({
  path: `/${API_PREFIX}/ws`,
  maxPayload: MAX_MESSAGE_BYTES,
  perMessageDeflate: false,
  autoPong: false, // pongs, too, count towards what a client may leave unread
})
export class LiveGateway implements OnGatewayConnection<WebSocket>, OnModuleInit, BeforeApplicationShutdown {
  private readonly connections = new Set<WsConnection>();
  private readonly services: ConnectionServices;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    registry: RoomRegistry,
    access: RoomAccess,
    sessions: SocketSessions,
    private readonly timings: RealtimeTimings,
    private readonly origins: AllowedOrigins,
  ) {
    this.services = { registry, access, sessions, timings };
  }

  onModuleInit(): void {
    const checkAll = () => this.connections.forEach((connection) => connection.checkAlive());
    this.timer = setInterval(checkAll, this.timings.ping).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    this.connections.forEach((connection) => connection.close('shutdown'));
  }

  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    if (!this.origins.allows(request.headers)) return refuseOrigin(socket);
    const connection = new WsConnection(socket, this.services);
    this.connections.add(connection);
    socket.once('close', () => this.connections.delete(connection));
    connection.start(credentialOf(request));
  }
}

function refuseOrigin(socket: WebSocket): void {
  const [code, reason] = CLOSING.foreignOrigin;
  socket.close(code, reason);
}

/** @returns null when the client brings no credentials at all. What cannot be a token is one that nobody issued. */
function credentialOf({ url = '', headers }: IncomingMessage): Credential | null {
  const key = keyOf(headers);
  if (key) return key;
  const { token } = parseQueryString(url.split('?', 2)[1] ?? '');
  if (token !== undefined) return { kind: 'token', token };
  const { authorization } = headers;
  return authorization === undefined ? null : { kind: 'token', token: authorization.replace(/^Bearer +/i, '') };
}
