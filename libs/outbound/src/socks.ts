import { isIPv4, isIPv6 } from 'node:net';
import { parse } from 'ipaddr.js';
import type { Handshake } from './handshake';
import { OutboundError } from './types';

export interface SocksRequest {
  /** Name or address, without brackets. */
  host: string;
  port: number;
  /** Used when both are there; version 4 has a user name only. */
  username?: string;
  password?: string;
}

/** RFC 1928 6 */
const REPLIES = [
  'succeeded',
  'general SOCKS server failure',
  'connection not allowed by ruleset',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'TTL expired',
  'command not supported',
  'address type not supported',
];
const CONNECT = 1;
const NO_AUTHENTICATION = 0;
const USERNAME_AND_PASSWORD = 2;

/** RFC 1928, with names left to the proxy, and RFC 1929. @throws OutboundError when the proxy refuses */
export async function connectSocks5(handshake: Handshake, request: SocksRequest): Promise<void> {
  await authenticate(handshake, request);
  const target = [...addressOf(request.host), ...portBytes(request.port)];
  handshake.write(Uint8Array.from([5, CONNECT, 0, ...target]));
  const [, reply, , type] = await handshake.take(4);
  if (reply !== 0) throw new OutboundError(`unknown error ${REPLIES[reply!] ?? `code ${reply}`}`);
  // The address that the proxy uses itself, of no interest here.
  const length = type === 1 ? 4 : type === 4 ? 16 : (await handshake.take(1))[0]!;
  await handshake.take(length + 2);
}

async function authenticate(handshake: Handshake, { username, password }: SocksRequest): Promise<void> {
  const known = Boolean(username && password);
  const methods = known ? [NO_AUTHENTICATION, USERNAME_AND_PASSWORD] : [NO_AUTHENTICATION];
  handshake.write(Uint8Array.from([5, methods.length, ...methods]));
  const [version, method] = await handshake.take(2);
  if (version !== 5) throw new OutboundError(`unexpected protocol version ${version}`);
  if (method === NO_AUTHENTICATION) return;
  if (method !== USERNAME_AND_PASSWORD || !known) throw new OutboundError('no acceptable authentication methods');
  handshake.write(Uint8Array.from([1, ...sized(username!), ...sized(password!)]));
  const [, status] = await handshake.take(2);
  if (status !== 0) throw new OutboundError('username/password authentication failed');
}

/** SOCKS 4, and 4a for what is no IPv4 address. @throws OutboundError when the proxy refuses */
export async function connectSocks4(handshake: Handshake, { host, port, username = '' }: SocksRequest): Promise<void> {
  const address = isIPv4(host) ? parse(host).toByteArray() : [0, 0, 0, 1];
  const name = isIPv4(host) ? [] : [...Buffer.from(host), 0];
  const user = [...Buffer.from(username.replaceAll('\0', '')), 0];
  handshake.write(Uint8Array.from([4, CONNECT, ...portBytes(port), ...address, ...user, ...name]));
  const [, reply] = await handshake.take(8);
  if (reply !== 90) throw new OutboundError(`unknown error code ${reply}`);
}

function addressOf(host: string): number[] {
  if (isIPv4(host)) return [1, ...parse(host).toByteArray()];
  if (isIPv6(host)) return [4, ...parse(host).toByteArray()];
  return [3, ...sized(host)];
}

/** @throws OutboundError for what one byte cannot count */
function sized(text: string): number[] {
  const bytes = Buffer.from(text);
  if (bytes.length > 255) throw new OutboundError('a name or password is too long for SOCKS');
  return [bytes.length, ...bytes];
}

function portBytes(port: number): number[] {
  return [port >> 8, port & 255];
}
