import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  method: string;
  /** With the query. */
  path: string;
  /** Names in lower case, values decoded as UTF-8. */
  headers: Record<string, string>;
  body: string;
}

export interface ScriptedAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

/** A web server on loopback that records what it gets and answers as told: 200, unless answers are scripted. */
export class HttpSink {
  readonly requests: ReceivedRequest[] = [];
  /** Taken one per request, first to last. `silent` never answers. */
  readonly answers: (ScriptedAnswer | 'silent')[] = [];
  /** What is answered when none is left. */
  answer: ScriptedAnswer = {};
  private readonly server = createServer((request, response) => void this.receive(request, response));

  static async start(): Promise<HttpSink> {
    const sink = new HttpSink();
    sink.server.listen(0, '127.0.0.1');
    await once(sink.server, 'listening');
    return sink;
  }

  /** Without a trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Forgets requests and answers. */
  reset(): void {
    this.requests.length = 0;
    this.answers.length = 0;
    this.answer = {};
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.requests.push({
      method: request.method!,
      path: request.url!,
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, asUtf8(value)])),
      body: Buffer.concat(chunks).toString('utf8'),
    });
    const answer = this.answers.shift() ?? this.answer;
    if (answer === 'silent') return;
    response.writeHead(answer.status ?? 200, answer.headers);
    response.end(answer.body ?? 'ok');
  }
}

function asUtf8(value: string | string[] | undefined): string {
  return Buffer.from(String(value), 'latin1').toString('utf8');
}
