import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import { Inbox } from './inbox';

export interface Closed {
  code: number;
  reason: string;
}

/** A WebSocket client that keeps what it receives: parsed JSON, or the text that is none. */
export class LiveClient {
  readonly inbox = new Inbox<any>(); // eslint-disable-line @typescript-eslint/no-explicit-any -- tests assert its shape
  readonly closed: Promise<Closed>;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.inbox.put(parse(data.toString())));
    socket.on('error', () => undefined); // 'close' follows
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** `path` with its query. @throws Error when the upgrade is refused */
  static async open(server: { url: string }, path: string, options: ClientOptions = {}): Promise<LiveClient> {
    const client = new LiveClient(new WebSocket(`${server.url.replace('http', 'ws')}${path}`, options));
    await new Promise<void>((resolve, reject) => {
      client.socket.once('open', resolve);
      client.socket.once('error', reject);
      client.socket.once('unexpected-response', (_request, { statusCode }) =>
        reject(new Error(`refused ${statusCode}`)),
      );
    });
    return client;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  next(): Promise<any> /* eslint-disable-line @typescript-eslint/no-explicit-any -- as above */ {
    return this.inbox.next();
  }

  /** Sends a message and takes the next that arrives. */
  ask(message: unknown): Promise<any> /* eslint-disable-line @typescript-eslint/no-explicit-any -- as above */ {
    this.send(message);
    return this.next();
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
