import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Logger } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { MessageMappingProperties } from '@nestjs/websockets';
import type { Observable } from 'rxjs';
import type { WebSocketServer } from 'ws';

type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

const NOT_FOUND = 'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * The stock adapter destroys every upgrade that is not for one of its gateways, Socket.IO's among them. This one
 * leaves the paths that `isForeign` names to their owner, answers unknown paths, and survives what clients send:
 * broken frames and requests are neither logged as errors of ours nor left without somebody who handles them.
 */
export class SharedWsAdapter extends WsAdapter {
  private readonly sockets = new Logger('Sockets');

  constructor(
    app: INestApplicationContext,
    private readonly isForeign: (url: string) => boolean,
  ) {
    super(app);
  }

  /** A gateway without message handlers reads its frames itself. */
  override bindMessageHandlers(
    client: object,
    handlers: MessageMappingProperties[],
    transform: (data: unknown) => Observable<unknown>,
  ): void {
    if (handlers.length > 0) super.bindMessageHandlers(client, handlers, transform);
  }

  override bindErrorHandler(server: WebSocketServer): WebSocketServer {
    server.on('connection', (socket) => socket.on('error', (error) => this.sockets.debug(error.message)));
    server.on('error', (error) => this.sockets.error({ err: error }, 'A socket server failed'));
    return server;
  }

  protected override ensureHttpServerExists(port: number, httpServer: Server = createServer()): Server {
    const before = new Set(httpServer.listeners('upgrade'));
    const server = super.ensureHttpServerExists(port, httpServer) as Server;
    for (const listener of httpServer.listeners('upgrade') as UpgradeListener[]) {
      if (before.has(listener)) continue;
      const own: UpgradeListener = (request, socket, head) => this.upgrade(port, listener, request, socket, head);
      httpServer.off('upgrade', listener);
      httpServer.on('upgrade', own);
      // The adapter removes its listener when it closes, by this registry.
      (this as unknown as { upgradeListenersRegistry: Map<number, UpgradeListener> }).upgradeListenersRegistry.set(
        port,
        own,
      );
    }
    return server;
  }

  private upgrade(port: number, stock: UpgradeListener, ...args: Parameters<UpgradeListener>): void {
    const [request, socket] = args;
    const url = request.url ?? '';
    if (this.isForeign(url)) return;
    socket.on('error', () => socket.destroy());
    const path = url.split('?', 1)[0];
    const gateways = (this.wsServersRegistry.get(port) ?? []) as { path: string }[];
    // The stock listener does not survive a `Host` that makes no URL.
    const isSane = URL.canParse(url, `ws://${request.headers.host}/`);
    if (isSane && gateways.some((gateway) => gateway.path === path)) stock(...args);
    else socket.end(NOT_FOUND, () => socket.destroy());
  }
}
