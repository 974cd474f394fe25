import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createServer } from 'node:http';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import type * as SocketIo from 'socket.io';
import { RoomAccess } from '../rooms/room-access';
import { RoomRegistry } from '../rooms/room-registry';
import { AllowedOrigins } from '../sessions/allowed-origins';
import { SocketSessions } from '../sessions/socket-sessions';
import { adoptManners } from './engine-socket';
import { admit, protocolProblem } from './handshake';
import { SocketIoConnection } from './socket-io-connection';

const PREFIX = '/socket.io/';

/**
 * Socket.IO v4 at `/socket.io/`, as the web client speaks it, beside everything else on the same port. The library is
 * loaded by the first request that needs it: a server that nobody watches does not hold it in memory.
 */
@Injectable()
export class SocketIoServer implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('Realtime');
  /** Socket.IO's own HTTP server, which never listens: it is handed the requests of the shared one. */
  private inner: HttpServer | undefined;
  private io: SocketIo.Server | undefined;
  private isClosed = false;

  constructor(
    private readonly registry: RoomRegistry,
    private readonly access: RoomAccess,
    private readonly sessions: SocketSessions,
    private readonly origins: AllowedOrigins,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const { httpAdapter } = this.host;
    const fastify = httpAdapter.getInstance<FastifyInstance>();
    fastify.route({
      method: ['GET', 'POST'],
      url: `${PREFIX}*`,
      onRequest: (request, reply) => this.onRequest(request, reply), // before a body is read
      handler: () => undefined,
    });
    const server = httpAdapter.getHttpServer() as HttpServer;
    server.on('upgrade', (request, socket, head) => {
      if (request.url?.startsWith(PREFIX)) this.onUpgrade(request, socket, head);
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isClosed = true;
    await this.io?.close();
  }

  private async onRequest({ raw: request }: FastifyRequest, reply: FastifyReply): Promise<void> {
    const problem = protocolProblem(request.url ?? '');
    if (problem) return reply.status(400).type('application/json').serializer(JSON.stringify).send(problem);
    if (this.isClosed) return reply.status(503).send();
    reply.hijack();
    // CORS and security headers, which Fastify's hooks have prepared.
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    this.engine().emit('request', request, reply.raw);
  }

  private onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.isClosed) return void socket.destroy();
    const problem = protocolProblem(request.url ?? '');
    if (problem) return refuse(socket, '400 Bad Request', problem);
    if (!this.origins.allows(request.headers))
      return refuse(socket, '403 Forbidden', { code: 4, message: 'Forbidden' });
    this.engine().emit('upgrade', request, socket, head);
  }

  private engine(): HttpServer {
    if (this.inner) return this.inner;
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- at once: a request that had to wait could be lost
    const { Server } = require('socket.io') as typeof SocketIo;
    const inner = createServer();
    const io = new Server(inner, {
      path: PREFIX,
      serveClient: false,
      perMessageDeflate: false,
      httpCompression: false,
    });
    io.engine.on('connection', adoptManners);
    io.use((socket, next) => {
      admit(socket, this.sessions).then(
        () => next(),
        (error: Error) => {
          if (!('data' in error)) this.logger.error({ err: error }, 'A socket could not be let in');
          next(error);
        },
      );
    });
    io.on('connection', (socket) => new SocketIoConnection(socket, this.registry, this.access));
    this.io = io;
    return (this.inner = inner);
  }
}

function refuse(socket: Duplex, status: string, body: object): void {
  const text = JSON.stringify(body);
  const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n`;
  socket.on('error', () => socket.destroy());
  socket.end(head + text, () => socket.destroy());
}
