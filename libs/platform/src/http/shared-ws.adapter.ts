import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { INestApplicationContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';

type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * The stock adapter destroys every upgrade that is not for one of its gateways, Socket.IO's among them. This one
 * leaves the paths that `isForeign` names to their owner.
 */
export class SharedWsAdapter extends WsAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly isForeign: (url: string) => boolean,
  ) {
    super(app);
  }

  protected override ensureHttpServerExists(port: number, httpServer: Server = createServer()): Server {
    const before = new Set(httpServer.listeners('upgrade'));
    const server = super.ensureHttpServerExists(port, httpServer) as Server;
    for (const listener of httpServer.listeners('upgrade') as UpgradeListener[]) {
      if (before.has(listener)) continue;
      const own: UpgradeListener = (request, socket, head) => {
        if (!this.isForeign(request.url ?? '')) listener(request, socket, head);
      };
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
}
