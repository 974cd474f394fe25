import type { Socket } from 'node:net';
import type { RawBody } from './body';
import { credentialsOf } from './headers';
import type { Hop } from './redirect';
import { ResponseParser } from './response-parser';
import type { ResponseEvents, ResponseHead } from './response-parser';

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

/** One request and its response on a connected socket; whoever owns the socket hands on what comes from it. */
export class Exchange implements ResponseEvents {
  readonly answer: Promise<Answer>;
  /** The response has ended, and the connection may carry another request. */
  isReusable = false;
  private readonly parser: ResponseParser;
  private readonly body = settleable<RawBody>();
  private readonly head = settleable<Answer>();
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private isBodyRead = false;
  private keepsAlive = false;
  private isOver = false;
  private whenOver?: () => void;

  constructor(
    private readonly hop: Hop,
    private readonly options: ReadOptions,
    private readonly form?: TargetForm,
  ) {
    this.answer = this.head.promise;
    this.parser = new ResponseParser({ method: hop.method, mayUpgrade: hop.upgrade !== undefined }, this);
  }

  /** Resolves when nothing more comes: the response has been received to its end, wanted or not, or has failed. */
  over(): Promise<void> {
    if (this.isOver) return Promise.resolve();
    return new Promise((resolve) => {
      this.whenOver = resolve;
    });
  }

  begin(socket: Socket): void {
    const { body } = this.hop;
    if (body === undefined) {
      socket.write(headOf(this.hop, 0, this.form), 'latin1');
      return;
    }
    const bytes = Buffer.from(body as string);
    socket.write(Buffer.concat([Buffer.from(headOf(this.hop, bytes.length, this.form), 'latin1'), bytes]));
  }

  receive(bytes: Buffer): void {
    try {
      this.parser.push(bytes);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  /** The other side closes. */
  end(): void {
    try {
      this.parser.end();
    } catch (error) {
      this.fail(error as Error);
    }
  }

  /** Does nothing to what has been settled before. */
  fail(error: Error): void {
    this.head.reject(error);
    this.body.reject(error);
    this.close();
  }

  onHead({ status, statusText, headers, keepsAlive }: ResponseHead): void {
    this.keepsAlive = keepsAlive;
    const receivedAt = performance.now();
    if (!this.options.wantsBody(status)) this.finishBody(true);
    this.head.resolve({ status, statusText, headers, receivedAt, body: this.body.promise });
  }

  onData(bytes: Buffer): void {
    if (this.isBodyRead) return;
    this.chunks.push(bytes);
    this.size += bytes.length;
    if (this.size >= this.options.maxBodyBytes) this.finishBody(true);
  }

  onEnd(): void {
    this.isReusable = this.keepsAlive;
    this.finishBody(false);
    this.close();
  }

  private finishBody(truncated: boolean): void {
    if (this.isBodyRead) return;
    this.isBodyRead = true;
    this.body.resolve({ bytes: Buffer.concat(this.chunks, Math.min(this.size, this.options.maxBodyBytes)), truncated });
  }

  private close(): void {
    this.isOver = true;
    this.whenOver?.();
  }
}

/** Methods whose requests say that there is no body (RFC 9110 8.6). */
const EXPECTING_BODY = new Set(['POST', 'PUT', 'PATCH']);

function headOf({ url, method, headers, body, upgrade }: Hop, bodyBytes: number, form?: TargetForm): string {
  let head = `${method} ${form?.origin ?? ''}${url.pathname}${url.search} HTTP/1.1\r\nhost: ${headers['host'] ?? url.host}\r\n`;
  head += upgrade === undefined ? 'connection: keep-alive\r\n' : `connection: upgrade\r\nupgrade: ${upgrade}\r\n`;
  for (const name in headers) if (name !== 'host') head += `${name}: ${headers[name]}\r\n`;
  if (headers['authorization'] === undefined) {
    const credentials = credentialsOf(url);
    if (credentials !== null) head += `authorization: ${credentials}\r\n`;
  }
  if (form?.authorization) head += `proxy-authorization: ${form.authorization}\r\n`;
  if (body !== undefined || EXPECTING_BODY.has(method)) head += `content-length: ${bodyBytes}\r\n`;
  return `${head}\r\n`;
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
