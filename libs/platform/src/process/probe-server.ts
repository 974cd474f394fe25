import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Readiness } from './readiness';

/**
 * `/health` and `/health/ready`, with and without the prefix of the API, for a service that serves nothing else.
 * Kubernetes asks the first whether to restart, the second whether to send work.
 */
export class ProbeServer {
  private readonly server: Server;

  constructor(private readonly readiness: Readiness) {
    this.server = createServer({ requestTimeout: 10_000 }, (request, response) => void this.answer(request, response));
  }

  async listen(port: number, host: string): Promise<void> {
    this.server.listen(port, host);
    await once(this.server, 'listening'); // rejects on 'error'
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0]!.replace(/^\/api\/v1/, '');
    if (request.method !== 'GET' && request.method !== 'HEAD') return reply(response, 404, NOT_FOUND);
    if (path === '/health') return reply(response, 200, { status: 'ok', timestamp: new Date().toISOString() });
    if (path !== '/health/ready') return reply(response, 404, NOT_FOUND);
    const state = await this.readiness.check();
    reply(response, state.status === 'ok' ? 200 : 503, state);
  }
}

const NOT_FOUND = { message: 'Not found', data: null };

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
