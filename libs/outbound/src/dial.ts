import { lookup as systemLookup } from 'node:dns/promises';
import { Socket, isIP } from 'node:net';
import { asInternalFault, codeOf, isOurFault } from './faults';
import { OutboundError } from './types';
import type { TargetPolicy } from './types';

/** Addresses of a name, in the order in which they are to be tried. */
export type Lookup = (host: string) => Promise<readonly { address: string }[]>;

export interface Dialer {
  /** Allowed addresses of a host; literals need no resolver. @throws OutboundError */
  resolve(host: string, signal: AbortSignal): Promise<string[]>;
  /** @throws OutboundError */
  connect(target: { host: string; port: number; signal: AbortSignal }): Promise<Socket>;
}

/** RFC 8305 5: an address that is silent for this long is joined by the next one. */
const ATTEMPT_DELAY_MS = 300;

/** Opens TCP connections to addresses that the policy allows: resolved once, judged, and connected to as judged. */
export function createDialer(policy: TargetPolicy, lookup: Lookup = resolveBySystem): Dialer {
  async function resolve(host: string, signal: AbortSignal): Promise<string[]> {
    const name = withoutBrackets(host);
    const found = isIP(name) ? [name] : await lookUp(name, signal, lookup);
    const allowed = found.filter((address) => policy.allows(address));
    if (allowed.length === 0) {
      throw new OutboundError(`dial tcp: ${found[0] ?? name} is refused by the target policy`);
    }
    return allowed;
  }

  return {
    resolve,
    async connect({ host, port, signal }) {
      const addresses = await resolve(host, signal);
      const targets = addresses.map((address) => ({ address, port }));
      return targets.length === 1 ? attempt(targets[0]!, signal) : race(targets, signal);
    },
  };
}

/** `192.0.2.7:443`, `[2001:db8::7]:443` */
export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function resolveBySystem(host: string) {
  return systemLookup(host, { all: true });
}

function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

async function lookUp(name: string, signal: AbortSignal, lookup: Lookup): Promise<string[]> {
  try {
    // The system's resolver cannot be interrupted; the check goes on without it.
    const found = await orAbort(lookup(name), signal);
    return found.map(({ address }) => address);
  } catch (cause) {
    if (isOurFault(cause)) throw asInternalFault(cause);
    throw new OutboundError(`dial tcp: lookup ${name}: ${lookupProblem(cause, signal)}`, { cause });
  }
}

function lookupProblem(cause: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'i/o timeout';
  const code = codeOf(cause);
  if (code === 'ENOTFOUND') return 'no such host';
  if (code === 'EAI_AGAIN') return 'temporary failure in name resolution';
  return cause instanceof Error ? cause.message : String(cause);
}

/** Settles as the promise does, or rejects with the signal's reason when that comes first. */
export function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

interface Target {
  address: string;
  port: number;
}

/** One connection attempt; the socket is destroyed on every failure. */
function attempt({ address, port }: Target, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const dialled = endpoint(address, port);
    const fail = (cause: unknown) => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      reject(dialFailure(dialled, cause, signal));
    };
    const stop = () => fail(signal.reason);
    // Sockets made with options, as net.connect() makes them, outlive the young generation in Node 20: a connection to
    // this host then takes half as much CPU time again, and collecting garbage ten times as long.
    const socket = new Socket();
    socket.setNoDelay(true);
    socket.once('error', fail);
    socket.once('connect', () => {
      signal.removeEventListener('abort', stop);
      socket.off('error', fail);
      socket.on('error', () => undefined); // whoever takes over listens too; until then nobody may be missing
      resolve(socket);
    });
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    socket.connect({ host: address, port });
  });
}

/** Tries the addresses in turn; the first that answers wins, and the failure told is that of the first address. */
function race(targets: readonly Target[], signal: AbortSignal): Promise<Socket> {
  const losers = new AbortController();
  const either = AbortSignal.any([signal, losers.signal]);
  return new Promise((resolve, reject) => {
    const failures: Error[] = [];
    let next = 0;
    let settled = false;
    let timer: NodeJS.Timeout | undefined;

    const start = () => {
      clearTimeout(timer);
      const index = next++;
      if (index + 1 < targets.length) timer = setTimeout(start, ATTEMPT_DELAY_MS);
      attempt(targets[index]!, either).then(win, (error: Error) => lose(index, error));
    };
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      settled = true;
      settle();
      losers.abort();
    };
    const win = (socket: Socket) => {
      if (settled) socket.destroy();
      else finish(() => resolve(socket));
    };
    const lose = (index: number, error: Error) => {
      if (settled) return;
      failures[index] = error;
      if (signal.aborted || Object.keys(failures).length === targets.length) finish(() => reject(failures[0] ?? error));
      else if (next < targets.length) start();
    };
    start();
  });
}

const SYSCALL_TEXTS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ECONNRESET: 'connection reset by peer',
  ETIMEDOUT: 'connection timed out',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EINVAL: 'invalid argument',
  EPIPE: 'broken pipe',
};

/** The words for an errno, as existing deployments know them. */
export function syscallText(error: unknown): string {
  return SYSCALL_TEXTS[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
}

function dialFailure(dialled: string, cause: unknown, signal: AbortSignal): Error {
  if (isOurFault(cause)) return asInternalFault(cause);
  // Without a free local port nothing can be said of the target. (For IPv6 it means that this host speaks none.)
  if (codeOf(cause) === 'EADDRNOTAVAIL' && !dialled.startsWith('[')) return asInternalFault(cause);
  if (signal.aborted) return new OutboundError(`dial tcp ${dialled}: i/o timeout`, { cause });
  return new OutboundError(`dial tcp ${dialled}: connect: ${syscallText(cause)}`, { cause });
}
