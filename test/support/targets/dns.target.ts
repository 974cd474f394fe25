import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { decode, encode, RECURSION_DESIRED, streamEncode, TRUNCATED_RESPONSE } from 'dns-packet';
import type { Answer, Packet, RecordType, StringAnswer } from 'dns-packet';
import { listen } from './listening';
import type { Listening } from './listening';

export interface DnsTarget extends Listening {
  seen: { dns: string; tcp: boolean }[];
}

const NOERROR = 0;
const SERVFAIL = 2;
const NXDOMAIN = 3;
const REFUSED = 5;

/** Answers like the resolver of the recorded checks, on UDP and TCP. `dropFirst` datagrams get lost. */
export async function startDnsTarget({ host = '127.0.0.1', dropFirst = 0 } = {}): Promise<DnsTarget> {
  const seen: DnsTarget['seen'] = [];
  const tcp = await listen(
    createServer((socket) => {
      socket.on('data', (data) => {
        const reply = answer(data.subarray(2), true);
        if (reply) socket.end(streamEncode(reply));
      });
    }),
    host,
  );
  const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  let lost = 0;
  udp.on('message', (message, peer) => {
    const reply = answer(message, false);
    if (reply && lost++ >= dropFirst) udp.send(encode(reply), peer.port, peer.address);
  });
  udp.bind(tcp.port, host);
  await once(udp, 'listening');

  function answer(message: Buffer, overTcp: boolean): Packet | null {
    const query = decode(message);
    const { name, type } = query.questions![0]!;
    seen.push({ dns: `${type} ${name}`, tcp: overTcp });
    if (name === 'hang.test') return null;
    const reply: Packet = { type: 'response', id: query.id, questions: query.questions, flags: RECURSION_DESIRED };
    if (name === 'trunc.test' && !overTcp) return { ...reply, flags: TRUNCATED_RESPONSE };
    const code = CODES[name] ?? (ZONE.some((record) => record.name === name) ? NOERROR : NXDOMAIN);
    return { ...reply, flags: RECURSION_DESIRED | code, answers: answersFor(name, type) };
  }

  return {
    port: tcp.port,
    seen,
    async close() {
      const closed = once(udp, 'close');
      udp.close();
      await Promise.all([closed, tcp.close()]);
    },
  };
}

const CODES: Record<string, number> = { 'servfail.test': SERVFAIL, 'refused.test': REFUSED };

const SOA = { serial: 2026020301, refresh: 7200, retry: 3600, expire: 1209600, minimum: 300 };

const ZONE: Answer[] = [
  { name: 'web.test', type: 'A', data: '192.0.2.2' },
  { name: 'web.test', type: 'A', data: '192.0.2.1' },
  { name: 'web.test', type: 'AAAA', data: '2001:db8::1' },
  { name: 'web.test', type: 'AAAA', data: '2001:db8::2' },
  { name: 'web.test', type: 'MX', data: { preference: 20, exchange: 'mx2.web.test' } },
  { name: 'web.test', type: 'MX', data: { preference: 10, exchange: 'mx1.web.test' } },
  { name: 'web.test', type: 'NS', data: 'ns2.web.test' },
  { name: 'web.test', type: 'NS', data: 'ns1.web.test' },
  { name: 'web.test', type: 'TXT', data: ['v=spf1 -all'] },
  { name: 'web.test', type: 'TXT', data: ['part one ', 'part two'] },
  { name: 'web.test', type: 'SOA', data: { mname: 'ns1.web.test', rname: 'hostmaster.web.test', ...SOA } },
  { name: 'web.test', type: 'CAA', data: { flags: 0, tag: 'issue', value: 'letsencrypt.org' } },
  { name: 'web.test', type: 'CAA', data: { flags: 128, tag: 'iodef', value: 'mailto:a@web.test' } },
  { name: 'alias.test', type: 'CNAME', data: 'target.test' },
  { name: 'target.test', type: 'A', data: '192.0.2.9' },
  { name: 'one.test', type: 'A', data: '192.0.2.8' },
  { name: 'trunc.test', type: 'A', data: '192.0.2.50' },
  { name: 'trunc.test', type: 'CAA', data: { flags: 0, tag: 'issue', value: 'letsencrypt.org' } },
  { name: '_sip._tcp.web.test', type: 'SRV', data: { priority: 20, weight: 5, port: 5061, target: 'sip2.web.test' } },
  { name: '_sip._tcp.web.test', type: 'SRV', data: { priority: 10, weight: 5, port: 5060, target: 'sip.web.test' } },
  { name: '7.2.0.192.in-addr.arpa', type: 'PTR', data: 'host7.web.test' },
  { name: '7.2.0.192.in-addr.arpa', type: 'PTR', data: 'other7.web.test' },
  { name: 'xn--bcher-kva.test', type: 'A', data: '192.0.2.7' },
];

/** With the aliases on the way, as resolvers send them. */
function answersFor(name: string, type: RecordType): Answer[] {
  const own = ZONE.filter((record) => record.name === name);
  const alias = own.find((record): record is StringAnswer => record.type === 'CNAME');
  if (alias && type !== 'CNAME') return [alias, ...answersFor(alias.data, type)];
  return own.filter((record) => record.type === type);
}
