import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { ProxySettings } from '@app/core';
import { endpoint } from './dial';
import type { Dialer } from './dial';
import { describeFailure } from './failures';
import { Handshake } from './handshake';
import { connectSocks4, connectSocks5 } from './socks';
import { secure } from './tls';
import { OutboundError } from './types';
import type { TlsSettings } from './types';

export interface ProxyRoute {
  proxy: ProxySettings;
  /** Of the target. */
  host: string;
  port: number;
  /** TLS will be spoken with the target. */
  encrypted: boolean;
  dialer: Dialer;
  tls: TlsSettings;
  defaultContext: SecureContext;
  signal: AbortSignal;
  onError: (error: Error) => void;
}

/** Longest head of an answer to CONNECT. */
const MAX_HEAD_BYTES = 16 * 1024;

/**
 * A socket that leads to the target; over an HTTP proxy without encryption, to the proxy, which takes whole URLs.
 * Names are resolved by the proxy, so the target policy judges the proxy's address, and the target's where the URL
 * itself has one.
 * @throws OutboundError
 */
export async function connectThrough(route: ProxyRoute): Promise<Socket> {
  const { dialer, host, signal } = route;
  if (isIP(bare(host))) await dialer.resolve(host, signal);
  return takesUrls(route.proxy) ? throughHttp(route) : throughSocks(route);
}

/** Whether requests without encryption are sent to the proxy itself. */
export function takesUrls({ protocol }: ProxySettings): boolean {
  return protocol === 'http' || protocol === 'https';
}

/** Value of `Proxy-Authorization`, or null. */
export function proxyAuthorization({ username, password }: ProxySettings): string | null {
  if (!username || !password) return null;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

async function throughHttp(route: ProxyRoute): Promise<Socket> {
  const { signal, encrypted } = route;
  const socket = await reachHttpProxy(route).catch((cause: unknown) => {
    throw new OutboundError(`proxyconnect tcp: ${describeFailure(cause, { signal })}`, { cause });
  });
  if (encrypted) await shakeHands(socket, signal, (handshake) => openTunnel(handshake, route));
  return socket;
}

async function reachHttpProxy({ proxy, dialer, tls, defaultContext, signal, onError }: ProxyRoute): Promise<Socket> {
  const { host, port } = proxy;
  const socket = await dialer.connect({ host, port, signal });
  if (proxy.protocol !== 'https') return socket;
  // The client's certificate and CA are meant for the target; not caring about certificates is meant for both.
  const settings = { insecure: tls.insecure };
  return (await secure({ socket, host, settings, defaultContext, signal, onError })).socket;
}

/** RFC 9110 9.3.6 */
async function openTunnel(handshake: Handshake, { proxy, host, port }: ProxyRoute): Promise<void> {
  const target = endpoint(bare(host), port);
  const authorization = proxyAuthorization(proxy);
  const credentials = authorization === null ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  handshake.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${credentials}\r\n`);
  const head = (await handshake.takeThrough('\r\n\r\n', MAX_HEAD_BYTES)).toString('latin1');
  const [, status, reason] = /^HTTP\/1\.[01] (\d{3})(?: ([^\r\n]*))?\r\n/.exec(head) ?? [];
  if (status === undefined) throw new OutboundError('malformed HTTP response from the proxy');
  if (!status.startsWith('2')) throw new OutboundError(reason || `status ${status} from the proxy`);
}

async function throughSocks({ proxy, host, port, dialer, signal }: ProxyRoute): Promise<Socket> {
  const { username, password } = proxy;
  const request = { host: bare(host), port, username, password };
  const connect = proxy.protocol === 'socks4' ? connectSocks4 : connectSocks5;
  try {
    const socket = await dialer.connect({ host: proxy.host, port: proxy.port, signal });
    await shakeHands(socket, signal, (handshake) => connect(handshake, request));
    return socket;
  } catch (cause) {
    const ends = `${endpoint(bare(proxy.host), proxy.port)}->${endpoint(request.host, port)}`;
    throw new OutboundError(`socks connect tcp ${ends}: ${describeFailure(cause, { signal })}`, { cause });
  }
}

/** The socket is destroyed when it fails. */
async function shakeHands(
  socket: Socket,
  signal: AbortSignal,
  work: (handshake: Handshake) => Promise<void>,
): Promise<void> {
  const handshake = new Handshake(socket, signal);
  try {
    await work(handshake);
    handshake.release();
  } catch (error) {
    handshake.release();
    socket.destroy();
    throw error;
  }
}

function bare(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}
