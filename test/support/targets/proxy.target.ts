import { createServer as createHttp, request as forward } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import { listen } from './listening';
import type { Listening } from './listening';

export interface ProxyTarget extends Listening {
  /** What was asked of it: `GET http://…`, `CONNECT host:port`; for SOCKS each message in hex. */
  asked: string[];
  /** Values of `Proxy-Authorization`, in the same order; empty without. */
  credentials: string[];
}

export interface HttpProxyOptions {
  tls?: TlsOptions;
  /** Answers everything with this status instead of passing it on. */
  refuses?: number;
  /** What names stand for; others are looked up. */
  hosts?: Record<string, string>;
}

/** An HTTP proxy: passes on whole URLs, and tunnels. */
export async function startHttpProxy({ tls, refuses, hosts = {} }: HttpProxyOptions = {}): Promise<ProxyTarget> {
  const asked: string[] = [];
  const credentials: string[] = [];
  const note = ({ method, url, headers }: IncomingMessage) => {
    asked.push(`${method} ${url}`);
    credentials.push(headers['proxy-authorization'] ?? '');
  };
  const passOn = (request: IncomingMessage, response: ServerResponse) => {
    note(request);
    if (refuses !== undefined) return void response.writeHead(refuses).end();
    const { hostname, port, pathname, search } = new URL(request.url!);
    const target = { host: hosts[hostname] ?? hostname, port, path: pathname + search, agent: false };
    const onward = forward({ ...target, method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  };
  const server: Server = tls ? createHttps(tls, passOn) : createHttp(passOn);
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    note(request);
    client.on('error', () => undefined);
    if (refuses !== undefined) return void client.end(`HTTP/1.1 ${refuses} Proxy Authentication Required\r\n\r\n`);
    const [host = '', port] = request.url!.split(/:(?=\d+$)/);
    const onward = connect(Number(port), hosts[host] ?? host.replace(/^\[|\]$/g, ''), () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      join(client, onward);
    });
    onward.on('error', () => client.destroy());
  });
  return { ...(await listen(server)), asked, credentials };
}

export interface SocksProxyOptions {
  /** `name:password` that it asks for. */
  account?: string;
  /** Reply code of a refusal. */
  refuses?: number;
  hosts?: Record<string, string>;
}

/** A SOCKS proxy of versions 4, 4a and 5 that connects and nothing else. */
export async function startSocksProxy({ account, refuses, hosts = {} }: SocksProxyOptions = {}): Promise<ProxyTarget> {
  const asked: string[] = [];
  const server = createServer((client) => {
    let state: 'hello' | 'account' | 'request' = 'hello';
    client.on('data', onData);

    function onData(message: Buffer): void {
      asked.push(message.toString('hex'));
      if (state === 'hello' && message[0] === 4) return leadOn(client, version4(message), [0, 90], [0, 91]);
      if (state === 'hello') {
        const method = account === undefined ? 0 : message.includes(2, 2) ? 2 : 255;
        state = method === 2 ? 'account' : 'request';
        client.write(Uint8Array.from([5, method]));
      } else if (state === 'account') {
        const nameEnd = 2 + message[1]!;
        const given = `${message.toString('utf8', 2, nameEnd)}:${message.toString('utf8', nameEnd + 1)}`;
        state = 'request';
        client.write(Uint8Array.from([1, given === account ? 0 : 1]));
      } else {
        leadOn(client, version5(message), [5, 0, 0, 1], [5, refuses ?? 5, 0, 1]);
      }
    }

    function leadOn(socket: Socket, target: { host: string; port: number }, granted: number[], denied: number[]) {
      socket.off('data', onData);
      const reply = (start: number[]) => Uint8Array.from([...start, 0, 0, 0, 0, 0, 0]);
      if (refuses !== undefined) return void socket.end(reply(denied));
      const onward = connect(target.port, hosts[target.host] ?? target.host, () => {
        socket.write(reply(granted));
        join(socket, onward);
      });
      onward.on('error', () => socket.end(reply(denied)));
    }
  });
  return { ...(await listen(server)), asked, credentials: [] };
}

function join(client: Duplex, onward: Socket): void {
  client.pipe(onward);
  onward.pipe(client);
  client.on('close', () => onward.destroy());
  onward.on('close', () => client.destroy());
}

function version4(message: Buffer): { host: string; port: number } {
  const port = message.readUInt16BE(2);
  const [userEnd, nameEnd] = [message.indexOf(0, 8), message.length - 1];
  const isName = message.readUInt32BE(4) < 256;
  return {
    port,
    host: isName ? message.toString('utf8', userEnd + 1, nameEnd) : [...message.subarray(4, 8)].join('.'),
  };
}

function version5(message: Buffer): { host: string; port: number } {
  const port = message.readUInt16BE(message.length - 2);
  const address = message.subarray(4, -2);
  if (message[3] === 1) return { port, host: [...address].join('.') };
  if (message[3] === 3) return { port, host: address.toString('utf8', 1) };
  return { port, host: address.toString('hex').replace(/(.{4})(?!$)/g, '$1:') };
}
