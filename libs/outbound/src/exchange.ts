import { request as startRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { RawBody } from './body';
import { brokenTransport } from './failures';
import { credentialsOf, joinHeaders, receivedText } from './headers';
import type { Hop } from './redirect';
import { OutboundError } from './types';

export interface ReadOptions {
  maxBodyBytes: number;
  wantsBody: (status: number) => boolean;
}

/** For requests that an HTTP proxy is to pass on. */
export interface TargetForm {
  /** Written before the path. */
  origin: string;
  /** Value of `Proxy-Authorization`, or null. */
  authorization: string | null;
}

/** The head of a response, and its body as a promise of its own: they fail for different reasons. */
export interface Answer {
  status: number;
  statusText: string;
  headers: Record<string, string>;
  /** `performance.now()` at the headers. */
  receivedAt: number;
  body: Promise<RawBody>;
}

/** Heads beyond this are refused; servers rarely send more than 16 KiB. */
const MAX_HEAD_BYTES = 256 * 1024;

/** One request and its response on a connected socket; whoever owns the socket hands on its errors. */
export class Exchange {
  readonly answer: Promise<Answer>;
  /** The response has ended, and the connection may carry another request. */
  isReusable = false;
  private response?: IncomingMessage;
  private readonly body = settleable<RawBody>();
  private readonly head = settleable<Answer>();
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private isBodyRead = false;
  private isOver = false;
  private whenOver?: () => void;

  constructor(
    private readonly hop: Hop,
    private readonly options: ReadOptions,
    private readonly form?: TargetForm,
  ) {
    this.answer = this.head.promise;
  }

  /** Resolves when nothing more comes: the response has been received to its end, wanted or not, or has failed. */
  over(): Promise<void> {
    if (this.isOver) return Promise.resolve();
    return new Promise((resolve) => {
      this.whenOver = resolve;
    });
  }

  begin(socket: Socket): void {
    const { method, body } = this.hop;
    const bytes = body === undefined ? undefined : Buffer.from(body as string);
    const request = startRequest({
      createConnection: () => socket,
      method,
      path: targetOf(this.hop, this.form),
      headers: headersOf(this.hop, bytes?.length ?? 0, this.form),
      maxHeaderSize: MAX_HEAD_BYTES,
      insecureHTTPParser: true, // what is lenient is good enough for a server that is only asked whether it is there
    });
    request.shouldKeepAlive = true; // without an agent, Node takes a request for the last of its connection
    request.on('response', (response) => {
      // Without a length, Node expects the body that a response to HEAD never has, up to the end of the connection.
      if (method === 'HEAD') request.shouldKeepAlive = keepsAlive(response);
      this.receive(response);
    });
    request.on('upgrade', (response) => this.switchProtocols(response));
    request.on('error', (error) => this.interrupt(error));
    request.on('close', () => this.finish(request, socket));
    if (socket.readableFlowing) {
      // Node listens from the next tick on; until then nothing may be read, or it is lost.
      socket.pause();
      request.on('socket', () => socket.resume());
    }
    request.end(bytes);
  }

  /** The connection broke. Does nothing to a response that had arrived by then. */
  interrupt(error: Error): void {
    if (!this.response?.complete) this.fail(error);
  }

  /** Does nothing to what has been settled before. */
  fail(error: Error): void {
    this.head.reject(error);
    this.body.reject(error);
    this.close();
  }

  private receive(response: IncomingMessage): void {
    this.response = response;
    if (response.statusCode === 101) return this.switchProtocols(response);
    this.resolveHead(response);
    response.on('data', (bytes: Buffer) => this.collect(bytes));
    response.on('end', () => this.resolveBody(false));
    response.on('error', (cause) => this.interrupt(new OutboundError('unexpected EOF', { cause })));
  }

  /** Switching was the question; nothing is said in the other protocol. */
  private switchProtocols(response: IncomingMessage): void {
    if (this.hop.upgrade === undefined) return this.fail(brokenTransport('unexpected switch of protocols'));
    this.resolveHead(response);
    this.resolveBody(false);
    this.close();
  }

  private resolveHead({ statusCode, statusMessage, rawHeaders }: IncomingMessage): void {
    const receivedAt = performance.now();
    const status = statusCode!;
    if (!this.options.wantsBody(status)) this.resolveBody(true);
    const statusText = receivedText(statusMessage!);
    this.head.resolve({ status, statusText, headers: joinHeaders(rawHeaders), receivedAt, body: this.body.promise });
  }

  private collect(bytes: Buffer): void {
    if (this.isBodyRead) return;
    this.chunks.push(bytes);
    this.size += bytes.length;
    if (this.size >= this.options.maxBodyBytes) this.resolveBody(true);
  }

  private resolveBody(truncated: boolean): void {
    if (this.isBodyRead) return;
    this.isBodyRead = true;
    this.body.resolve({ bytes: Buffer.concat(this.chunks, Math.min(this.size, this.options.maxBodyBytes)), truncated });
  }

  /** Node has let go of the socket: it is closed, or free for another request. */
  private finish({ shouldKeepAlive }: ClientRequest, { writable }: Socket): void {
    this.isReusable = !this.isOver && shouldKeepAlive && writable;
    this.close();
  }

  private close(): void {
    this.isOver = true;
    this.whenOver?.();
  }
}

function targetOf({ url }: Hop, form?: TargetForm): string {
  return (form?.origin ?? '') + url.pathname + url.search;
}

/** Methods whose requests do not say that there is no body (RFC 9110 8.6). */
const EXPECTING_NO_BODY = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

/** Name, value, name, value: Node writes such a list as it is. The length comes last: Node recodes what follows it. */
function headersOf({ url, method, headers, body, upgrade }: Hop, bodyBytes: number, form?: TargetForm): string[] {
  const list = ['host', headers['host'] ?? url.host];
  if (upgrade === undefined) list.push('connection', 'keep-alive');
  else list.push('connection', 'upgrade', 'upgrade', upgrade);
  for (const name in headers) if (name !== 'host') list.push(name, headers[name]!);
  if (headers['authorization'] === undefined) {
    const credentials = credentialsOf(url);
    if (credentials !== null) list.push('authorization', credentials);
  }
  if (form?.authorization) list.push('proxy-authorization', form.authorization);
  if (body !== undefined || !EXPECTING_NO_BODY.has(method)) list.push('content-length', String(bodyBytes));
  return list;
}

/** RFC 9112 9.3 */
function keepsAlive({ httpVersion, headers }: IncomingMessage): boolean {
  return httpVersion === '1.1' && !/\bclose\b/i.test(headers.connection ?? '');
}

/** A promise to settle later; nobody has to listen to its failure. */
function settleable<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
