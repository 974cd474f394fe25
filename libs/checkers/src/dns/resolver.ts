import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { endpoint, isOurFault, syscallText } from '@app/outbound';
import type { Outbound } from '@app/outbound';
import { decode, encode, RECURSION_DESIRED, streamEncode } from 'dns-packet';
import type { DecodedPacket, Packet, Question } from 'dns-packet';
import type { RecordType } from './records';

export interface Resolver {
  /** IP literal. */
  server: string;
  port: number;
  /** A question over UDP that got no answer is asked again after this long: datagrams get lost. */
  retryMs: number;
  outbound: Outbound;
  signal: AbortSignal;
}

/** No answer came; the message says why, in the words that existing deployments know. */
export class DnsError extends Error {}

/**
 * One recursive question (RFC 1035) to this server only, over UDP, and over TCP when the answer does not fit.
 * @throws DnsError, OutboundError, InternalFault
 */
export async function ask(name: string, type: RecordType, resolver: Resolver): Promise<DecodedPacket> {
  const query: Packet = {
    type: 'query',
    id: randomInt(65536),
    flags: RECURSION_DESIRED,
    questions: [{ type, name }],
  };
  const answer = await askOverUdp(query, resolver);
  return answer.flag_tc ? askOverTcp(query, resolver) : answer;
}

async function askOverUdp(
  query: Packet,
  { server, port, retryMs, outbound, signal }: Resolver,
): Promise<DecodedPacket> {
  const [address] = await outbound.resolve(server, signal);
  const socket = createSocket(isIPv6(address!) ? 'udp6' : 'udp4');
  socket.on('error', () => undefined); // those that matter are awaited below
  let timer: NodeJS.Timeout | undefined;
  let path = `read udp ${endpoint(address!, port)}: `;
  try {
    socket.connect(port, address);
    await once(socket, 'connect', { signal });
    const local = socket.address();
    path = `read udp ${endpoint(local.address, local.port)}->${endpoint(address!, port)}: `;
    const datagram = encode(query);
    const send = () => socket.send(datagram);
    timer = setInterval(send, retryMs);
    send();
    for (;;) {
      const [message] = (await once(socket, 'message', { signal })) as [Buffer];
      const answer = readAnswer(message, query);
      if (answer) return answer;
    }
  } catch (cause) {
    if (isOurFault(cause)) throw cause;
    throw new DnsError(path + (signal.aborted ? 'i/o timeout' : `read: ${syscallText(cause)}`), { cause });
  } finally {
    clearInterval(timer);
    socket.close();
  }
}

/** RFC 7766: the message is preceded by its length. */
async function askOverTcp(query: Packet, { server, port, outbound, signal }: Resolver): Promise<DecodedPacket> {
  const socket = await outbound.connect({ host: server, port, signal });
  const path = `read tcp ${endpoint(server, port)}: `;
  let received = Buffer.alloc(0);
  try {
    socket.write(streamEncode(query));
    for await (const chunk of addAbortSignal(signal, socket) as AsyncIterable<Buffer>) {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) continue;
      const answer = readAnswer(received.subarray(2, 2 + received.readUInt16BE(0)), query);
      if (answer) return answer;
      break;
    }
  } catch (cause) {
    if (isOurFault(cause)) throw cause;
    throw new DnsError(path + (signal.aborted ? 'i/o timeout' : `read: ${syscallText(cause)}`), { cause });
  } finally {
    socket.destroy();
  }
  throw new DnsError(`${path}EOF`);
}

/** Null for what is no answer to this question; spoofed and stray datagrams are ignored. */
function readAnswer(message: Buffer, query: Packet): DecodedPacket | null {
  let answer: DecodedPacket;
  try {
    answer = decode(message);
  } catch {
    return null;
  }
  const asked = query.questions![0]!;
  const [echoed] = answer.questions ?? [];
  const same = answer.type === 'response' && answer.id === query.id && echoed && isSame(echoed, asked);
  return same ? answer : null;
}

function isSame(a: Question, b: Question): boolean {
  return a.type === b.type && a.name.toLowerCase() === b.name.toLowerCase();
}
