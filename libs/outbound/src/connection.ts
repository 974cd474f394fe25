import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { buildConnector, Client, Dispatcher } from 'undici';
import type { CertificateDocument } from '@app/core';
import { endpoint } from './dial';
import type { Dialer } from './dial';
import { credentialsOf, joinHeaders } from './headers';
import type { RawBody } from './body';
import type { Hop } from './redirect';
import { secure } from './tls';
import type { TlsSettings } from './types';

export interface ConnectionOptions {
  dialer: Dialer;
  tls: TlsSettings;
  defaultContext: SecureContext;
  signal: AbortSignal;
}

export interface ReadOptions {
  maxBodyBytes: number;
  wantsBody: (status: number) => boolean;
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

/** Headers beyond this are refused; servers rarely send more than 16 KiB. */
const MAX_HEADER_BYTES = 256 * 1024;

/** One for all: undici would make an error, and format its stack, for every connection that has served its purpose. */
const DONE = new Error('the connection is not needed any more');

/** An HTTP/1.1 connection of its own to one origin. Requests go one after another. Destroy it, on every path. */
export class Connection {
  certificate?: CertificateDocument;
  /** Both ends: `192.0.2.1:50412->192.0.2.7:443`. */
  path?: string;
  /** The first error of the socket; undici may tell only of the end that followed it. */
  private failure?: Error;
  private readonly client: Client;
  private readonly note = (error: Error) => void (this.failure ??= error);
  private readonly stop = () => void this.client.destroy(this.options.signal.reason as Error);

  constructor(
    origin: string,
    private readonly options: ConnectionOptions,
  ) {
    // Loaded by the first check that needs it: it costs a tenth of a second and megabytes at every start.
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a constructor cannot wait
    const { Client } = require('undici') as typeof import('undici');
    this.client = new Client(origin, {
      connect: this.connector,
      headersTimeout: 0, // the signal is the deadline
      bodyTimeout: 0,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    options.signal.addEventListener('abort', this.stop, { once: true });
  }

  destroy(): void {
    this.options.signal.removeEventListener('abort', this.stop);
    void this.client.destroy(DONE);
  }

  /** Resolves with the head of the response. */
  send(hop: Hop, { maxBodyBytes, wantsBody }: ReadOptions): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const body = settleable<RawBody>();
      const chunks: Buffer[] = [];
      let size = 0;
      let finished = false;
      const finish = (truncated: boolean) => {
        if (finished) return;
        finished = true;
        body.resolve({ bytes: Buffer.concat(chunks, Math.min(size, maxBodyBytes)), truncated });
      };

      this.client.dispatch(this.dispatchOptions(hop), {
        onRequestStart: (controller) => {
          if (this.options.signal.aborted) controller.abort(this.options.signal.reason as Error);
        },
        onRequestUpgrade: (_controller, status, headers, socket) => {
          socket.destroy(); // switching was the question; nothing is said in the other protocol
          finish(false);
          const statusText = STATUS_CODES[status] ?? '';
          const receivedAt = performance.now();
          resolve({ status, statusText, headers: joinHeaders(headers), receivedAt, body: body.promise });
        },
        onResponseStart: (_controller, status, headers, statusText = '') => {
          if (status < 200) return; // interim, the response is still to come
          const receivedAt = performance.now();
          if (!wantsBody(status)) finish(true);
          resolve({ status, statusText, headers: joinHeaders(headers), receivedAt, body: body.promise });
        },
        onResponseData: (_controller, chunk) => {
          if (finished) return;
          chunks.push(chunk);
          size += chunk.length;
          if (size >= maxBodyBytes) finish(true);
        },
        onResponseEnd: () => finish(false),
        onResponseError: (_controller, error) => {
          reject(this.failure ?? error);
          body.reject(this.failure ?? error);
        },
      });
    });
  }

  private dispatchOptions({ url, method, headers, body, upgrade }: Hop): Dispatcher.DispatchOptions {
    const authorization = headers['authorization'] ?? credentialsOf(url);
    return {
      path: url.pathname + url.search,
      method,
      headers: authorization ? { ...headers, authorization } : headers,
      body: body ?? null,
      upgrade: upgrade ?? null,
      reset: false, // undici would close after HEAD, and a challenge could not be answered
    };
  }

  /** The one place where connections are made. A proxy takes the part of `dialer.connect`. */
  private readonly connector: buildConnector.connector = ({ hostname, protocol, port }, callback) => {
    this.open(hostname, protocol === 'https:', port).then(
      (socket) => callback(null, socket),
      (error: Error) => callback(error, null),
    );
  };

  private async open(hostname: string, encrypted: boolean, port: string): Promise<Socket> {
    const { dialer, signal, tls, defaultContext } = this.options;
    const target = { host: hostname, port: Number(port) || (encrypted ? 443 : 80), signal };
    this.failure = undefined;
    const socket = await dialer.connect(target);
    socket.on('error', this.note);
    this.path = pathOf(socket);
    if (!encrypted) return socket;
    const secured = await secure({ socket, host: hostname, settings: tls, defaultContext, signal, onError: this.note });
    this.certificate = secured.certificate;
    return secured.socket;
  }
}

/** Read at once: a socket that is gone no longer knows its addresses. */
function pathOf({ localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${endpoint(localAddress, localPort)}->${endpoint(remoteAddress, remotePort)}`;
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
