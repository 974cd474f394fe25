import { createServer as createHttp, STATUS_CODES } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Server } from 'node:net';
import type { TlsOptions, TLSSocket } from 'node:tls';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { listen } from './listening';
import type { Listening } from './listening';
import { ntlmChallenge, provesPassword } from './ntlm';

/** A request as the target got it. */
export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** Common name of the client certificate. */
  client?: string;
}

export interface HttpTarget extends Listening {
  /** `http://127.0.0.1:port` */
  origin: string;
  seen: Seen[];
}

export interface HttpTargetOptions {
  tls?: TlsOptions;
  /** For redirects that lead nowhere. */
  closedPort?: number;
  /** Where requests are noted; several targets may share one list. */
  seen?: Seen[];
  /** Body of `/json`. */
  json?: string;
}

export const SAMPLE_JSON =
  '{"svc":{"name":"shop","ver":"1.4.0","state":"ready"},"up":true,"load":0.50,"big":1e3,"count":12,"tags":["a","b"],\n ' +
  '"deps":[{"n":"db","ms":4,"ok":true},{"n":"mq","ms":31,"ok":false}],"a.b":1,"none":null,"empty":""}';

/** A server with a path for everything that can happen to a request. */
export async function startHttpTarget(options: HttpTargetOptions = {}): Promise<HttpTarget> {
  const seen = options.seen ?? [];
  const handle: RequestListener = (request, response) => {
    void buffer(request).then((body) => {
      seen.push(record(request, body));
      route(request, response, options);
    });
  };
  const server: Server = options.tls ? createHttps(options.tls, handle) : createHttp(handle);
  const listening = await listen(server);
  return { ...listening, seen, origin: `${options.tls ? 'https' : 'http'}://127.0.0.1:${listening.port}` };
}

function record(request: IncomingMessage, body: Buffer): Seen {
  const certificate = (request.socket as Partial<TLSSocket>).getPeerCertificate?.();
  const client = certificate?.subject?.CN;
  return {
    method: request.method!,
    path: request.url!,
    headers: request.headers,
    body: body.toString(),
    ...(typeof client === 'string' && { client }),
  };
}

type Route = (response: ServerResponse, request: IncomingMessage, options: HttpTargetOptions) => void;

function route(request: IncomingMessage, response: ServerResponse, options: HttpTargetOptions): void {
  const path = request.url!.split('?')[0]!;
  const [, pattern, number] = /^\/(status\/|redirect\/|r)(\d+)$/.exec(path) ?? [];
  const numbered = pattern && NUMBERED[pattern];
  if (numbered) return numbered(response, Number(number), request);
  const fixed = ROUTES[path];
  if (fixed) return fixed(response, request, options);
  answer(404)(response, request, options);
}

const NUMBERED: Record<string, (response: ServerResponse, number: number, request: IncomingMessage) => void> = {
  'status/': (response, status) => response.writeHead(status, STATUS_CODES[status] ?? '').end('body'),
  'redirect/': (response, left) =>
    left === 0 ? response.end('there') : redirect(response, 302, `/redirect/${left - 1}`),
  r: (response, status) => redirect(response, status, '/echo'),
};

const TEXT = 'All systems operational. Error budget ok. Ünïcode ✓';
const OPERATIONAL = 'All systems operational';

const ROUTES: Record<string, Route> = {
  '/': answer(200, 'hello'),
  '/status/503json': answer(503, SAMPLE_JSON),
  '/noreason': (response) => raw(response, 'HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n'),
  '/reason': (response) => response.writeHead(200, 'All Good').end('fine'),
  '/loop': (response) => redirect(response, 302, '/loop'),
  '/noloc': answer(302),
  '/absloc': (response, request) => redirect(response, 302, `http://${request.headers.host}/status/200`),
  '/badloc': (response, _request, { closedPort }) => redirect(response, 302, `http://127.0.0.1:${closedPort}/gone`),
  '/metadata': (response) => redirect(response, 302, 'http://169.254.169.254/latest/meta-data/'),
  '/ftploc': (response) => redirect(response, 302, 'ftp://127.0.0.1/'),
  '/otherhost': (response, request) =>
    redirect(response, 307, `http://localhost:${request.headers.host!.split(':')[1]}/echo`),
  '/echo': answer(200, 'echo'),
  '/text': answer(200, TEXT),
  '/json': (response, _request, { json }) => response.end(json ?? SAMPLE_JSON),
  '/notjson': answer(200, 'plain text'),
  '/scalar': answer(200, '42'),
  '/gzip': encoded('gzip', gzipSync(OPERATIONAL)),
  '/deflate': encoded('deflate', deflateSync(OPERATIONAL)),
  '/rawdeflate': encoded('deflate', deflateRawSync(OPERATIONAL)),
  '/br': encoded('br', brotliCompressSync(OPERATIONAL)),
  '/badgzip': encoded('gzip', Buffer.from('not gzip')),
  '/bomb': encoded('gzip', gzipSync(Buffer.alloc(12 * 1024 * 1024, 'a'))),
  '/big': (response) => response.end(`${'a'.repeat(12 * 1024 * 1024)}NEEDLE`),
  '/drop': (response) => {
    response.writeHead(200, { 'content-length': 1000 }).write('part', () => response.socket?.destroy());
  },
  '/hangbody': (response) => response.writeHead(200).write('part'),
  '/hang': () => undefined,
  '/destroy': (response) => response.socket?.destroy(),
  '/reset': (response) => response.socket?.resetAndDestroy(),
  '/socket': (response, { headers }) =>
    headers.upgrade === 'websocket'
      ? raw(response, 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      : response.writeHead(426).end(),
  '/headers': (response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.end();
  },
  '/early': (response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' });
    response.end('after the hints');
  },
  '/basic': (response, { headers }) =>
    headers.authorization === 'Basic cHJvYmU6czNjcmV0' ? response.end('in') : unauthorized(response, 'Basic realm="t"'),
  '/bearer': (response, { headers }) =>
    headers.authorization === 'Bearer tok-1' ? response.end('in') : unauthorized(response, 'Bearer'),
  '/token': answer(200, '{"access_token":"tok-1","token_type":"Bearer","expires_in":3600}'),
  '/shorttoken': answer(200, '{"access_token":"tok-1","token_type":"Bearer"}'),
  '/staletoken': answer(200, '{"access_token":"tok-0","token_type":"Bearer","expires_in":3600}'),
  '/token401': answer(401),
  '/tokenbad': answer(200, 'nope'),
  '/tokennone': answer(200, '{"token":"x"}'),
  '/ntlm': (response, request) => ntlm(response, request, 'NTLM', { timestamp: false }),
  '/negotiate': (response, request) => ntlm(response, request, 'Negotiate', { timestamp: true }),
  '/ntlm-basic-only': (response, { headers }) =>
    headers.authorization?.startsWith('Basic ') ? response.end('in') : unauthorized(response, 'Basic realm="t"'),
};

function answer(status: number, body = ''): Route {
  return (response) => response.writeHead(status).end(body);
}

function encoded(encoding: string, body: Buffer): Route {
  return (response) => response.writeHead(200, { 'content-encoding': encoding }).end(body);
}

function redirect(response: ServerResponse, status: number, location: string): void {
  response.writeHead(status, { location }).end('elsewhere');
}

function unauthorized(response: ServerResponse, challenge: string): void {
  response.writeHead(401, { 'www-authenticate': challenge }).end('who are you?');
}

/** For what Node would not write. */
function raw(response: ServerResponse, text: string): void {
  response.socket?.end(text);
}

interface Handshake {
  negotiate: Buffer;
  challenge: Buffer;
}

/** NTLM authenticates a connection, not a request. */
const handshakes = new WeakMap<object, Handshake>();

function ntlm(
  response: ServerResponse,
  { headers, socket }: IncomingMessage,
  scheme: string,
  options: { timestamp: boolean },
): void {
  const [offered, token] = headers.authorization?.split(' ') ?? [];
  if (offered !== scheme || !token) return unauthorized(response, scheme);
  const message = Buffer.from(token, 'base64');
  if (message.readUInt32LE(8) === 1) {
    const challenge = ntlmChallenge(options);
    handshakes.set(socket, { negotiate: message, challenge });
    return unauthorized(response, `${scheme} ${challenge.toString('base64')}`);
  }
  const handshake = handshakes.get(socket);
  if (handshake && provesPassword(handshake.negotiate, handshake.challenge, message)) response.end('in');
  else unauthorized(response, scheme);
}
