import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { endpoint } from '@app/outbound';
import type { Answer, DecodedPacket } from 'dns-packet';
import { parse } from 'ipaddr.js';
import { z } from 'zod';
import { defineChecker, up } from '../checker';
import type { CheckContext } from '../checker';
import { CheckFailure, failing } from '../failure';
import { describeAnswers, RECORD_TYPES } from './records';
import type { RecordType } from './records';
import { ask, DnsError } from './resolver';
import type { Resolver } from './resolver';

const config = z.object({
  host: z.string().min(1),
  resolver_server: z
    .string()
    .min(1)
    .refine((server) => isIP(server) !== 0, 'must be an IPv4 or IPv6 address'),
  port: z.int().min(1).max(65535),
  resolve_type: z.enum(RECORD_TYPES),
});

type Config = z.output<typeof config>;

/** Up when the configured resolver, and nobody else, has a record of the type (RFC 1034 5). */
export const dnsChecker = defineChecker({
  type: 'dns',
  config,
  async check(settings, context) {
    const { host, resolve_type: type } = settings;
    const answers = await lookUp(settings, context).catch(failing('DNS lookup failed'));
    const description = describeAnswers(type, wireName(host), answers);
    if (description !== null) return up(description);
    if (hasOwnWords(type)) throw new CheckFailure(`No ${type} records found for ${host}`);
    throw new CheckFailure(`DNS lookup failed: ${place(settings)}no such host`);
  },
});

async function lookUp(settings: Config, context: CheckContext): Promise<readonly Answer[]> {
  const { resolve_type: type, resolver_server: server, port } = settings;
  const { outbound, signal, timeoutSeconds } = context;
  const resolver: Resolver = { server, port, outbound, signal, retryMs: (timeoutSeconds * 1000) / 3 };
  const name = questionName(settings);
  try {
    // An alias may be known by its own record or only by the addresses behind it.
    const types: RecordType[] = type === 'CNAME' ? ['CNAME', 'AAAA', 'A'] : [type];
    const outcomes = await Promise.allSettled(types.map((asked) => ask(name, asked, resolver)));
    const answers = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? (outcome.value.answers ?? []) : [],
    );
    if (answers.length === 0) outcomes.forEach(requireSuccess);
    return answers;
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    throw new DnsError(place(settings) + error.message, { cause: error });
  }
}

/** A name that does not exist is an answer; everything else that is no success is not. */
function requireSuccess(outcome: PromiseSettledResult<DecodedPacket>): void {
  if (outcome.status === 'rejected') throw outcome.reason;
  const { rcode } = outcome.value as { rcode?: string };
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') throw new DnsError(`server misbehaving (${rcode})`);
}

/** @throws CheckFailure for what no question can hold, or a reverse lookup of something that is no address */
function questionName({ host, resolve_type }: Config): string {
  if (resolve_type !== 'PTR') {
    const name = wireName(host);
    if (!isDomainName(name)) throw new CheckFailure(`lookup ${host}: no such host`);
    return name;
  }
  if (isIP(host) === 0) throw new CheckFailure(`lookup ${host}: unrecognized address`);
  return reverseName(host);
}

/** RFC 1035 2.3.4: labels of 1 to 63 octets, 253 in all. */
function isDomainName(name: string): boolean {
  return name === '.' || (name.length <= 253 && name.split('.').every((label) => /^.{1,63}$/s.test(label)));
}

/** RFC 1035 3.5, RFC 3596 2.5 */
function reverseName(address: string): string {
  const bytes = parse(address).toByteArray().reverse();
  if (bytes.length === 4) return `${bytes.join('.')}.in-addr.arpa`;
  const nibbles = bytes.flatMap((byte) => [byte & 0x0f, byte >> 4]);
  return `${nibbles.map((nibble) => nibble.toString(16)).join('.')}.ip6.arpa`;
}

/** `lookup example.com on 192.0.2.53:53: ` */
function place(settings: Config): string {
  const { host, resolve_type: type, resolver_server: server, port } = settings;
  const name = type === 'PTR' ? `${questionName(settings)}.` : host;
  return `lookup ${name} on ${endpoint(server, port)}: `;
}

/** These two say that there is no record, instead of that there is no such host. */
function hasOwnWords(type: RecordType): boolean {
  return type === 'CAA' || type === 'SOA';
}

/** As it goes over the wire: without the final dot, and international names in ASCII (RFC 5890). */
function wireName(host: string): string {
  const ascii = domainToASCII(host) || host;
  return ascii.length > 1 && ascii.endsWith('.') ? ascii.slice(0, -1) : ascii;
}
