import { createOutbound, parseTargetPolicy } from '@app/outbound';
import { closedPort, startDnsTarget } from '../../../../test/support/targets';
import type { DnsTarget } from '../../../../test/support/targets';
import type { RecordType } from './records';
import { dnsChecker } from './dns.checker';

const outbound = createOutbound();
const signal = new AbortController().signal;

let target: DnsTarget;
beforeAll(async () => {
  target = await startDnsTarget();
});
beforeEach(() => target.seen.splice(0));
afterAll(() => target.close());

function check(
  resolve_type: RecordType,
  host: string,
  more: { server?: string; port?: number; signal?: AbortSignal } = {},
) {
  const { server = '127.0.0.1', port = target.port } = more;
  return dnsChecker.check(
    { host, resolve_type, resolver_server: server, port },
    { outbound, timeoutSeconds: 1, signal: more.signal ?? signal },
  );
}

describe('dns', () => {
  it.each<[RecordType, string, string]>([
    ['A', 'web.test', 'A records: 192.0.2.2, 192.0.2.1'],
    ['A', 'WEB.test.', 'A records: 192.0.2.2, 192.0.2.1'],
    ['A', 'alias.test', 'A records: 192.0.2.9'],
    ['A', 'bücher.test', 'A records: 192.0.2.7'],
    ['AAAA', 'web.test', 'AAAA records: 2001:db8::1, 2001:db8::2'],
    ['MX', 'web.test', 'MX records: mx1.web.test. (priority: 10), mx2.web.test. (priority: 20)'],
    ['NS', 'web.test', 'NS records: ns2.web.test., ns1.web.test.'],
    ['TXT', 'web.test', 'TXT records: v=spf1 -all; part one part two'],
    ['CAA', 'web.test', 'CAA records: 0 issue "letsencrypt.org"; 128 iodef "mailto:a@web.test"'],
    [
      'SOA',
      'web.test',
      'SOA: Primary NS: ns1.web.test., Admin: hostmaster.web.test., ' +
        'Serial: 2026020301, Refresh: 7200, Retry: 3600, Expire: 1209600, Min TTL: 300',
    ],
    ['CNAME', 'alias.test', 'CNAME: target.test.'],
    ['CNAME', 'one.test', 'CNAME: one.test.'],
    [
      'SRV',
      '_sip._tcp.web.test',
      'SRV records (cname: _sip._tcp.web.test.): ' +
        'sip.web.test.:5060 (priority: 10, weight: 5), sip2.web.test.:5061 (priority: 20, weight: 5)',
    ],
    ['PTR', '192.0.2.7', 'PTR records: host7.web.test., other7.web.test.'],
  ])('is up with the %s of %s', async (type, host, message) => {
    await expect(check(type, host.toLowerCase())).resolves.toEqual({ status: 'up', message });
  });

  it('asks again over TCP for what does not fit', async () => {
    await expect(check('CAA', 'trunc.test')).resolves.toMatchObject({
      message: 'CAA records: 0 issue "letsencrypt.org"',
    });
    expect(target.seen).toEqual([
      { dns: 'CAA trunc.test', tcp: false },
      { dns: 'CAA trunc.test', tcp: true },
    ]);
  });

  it('asks again when a datagram was lost', async () => {
    const lossy = await startDnsTarget({ dropFirst: 1 });

    await expect(check('A', 'one.test', { port: lossy.port })).resolves.toMatchObject({
      message: 'A records: 192.0.2.8',
    });
    await lossy.close();
  });

  it('asks a resolver that speaks IPv6, also over TCP', async () => {
    const six = await startDnsTarget({ host: '::1' });

    await expect(check('A', 'trunc.test', { server: '::1', port: six.port })).resolves.toMatchObject({ status: 'up' });
    await six.close();
  });

  it.each<[RecordType, string, string]>([
    ['A', 'nope.test', 'lookup nope.test on SERVER: no such host'],
    ['MX', 'one.test', 'lookup one.test on SERVER: no such host'],
    ['CNAME', 'nope.test', 'lookup nope.test on SERVER: no such host'],
    ['PTR', '192.0.2.99', 'lookup 99.2.0.192.in-addr.arpa. on SERVER: no such host'],
    ['PTR', '2001:db8::1', `lookup 1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa. on SERVER: no such host`],
    ['A', 'servfail.test', 'lookup servfail.test on SERVER: server misbehaving (SERVFAIL)'],
    ['CAA', 'refused.test', 'lookup refused.test on SERVER: server misbehaving (REFUSED)'],
    ['PTR', 'web.test', 'lookup web.test: unrecognized address'],
    ['A', 'a..test', 'lookup a..test: no such host'],
    ['A', `${'a'.repeat(64)}.test`, `lookup ${'a'.repeat(64)}.test: no such host`],
  ])('is down without the %s of %s', async (type, host, text) => {
    await expect(check(type, host)).rejects.toThrow(
      `DNS lookup failed: ${text.replace('SERVER', `127.0.0.1:${target.port}`)}`,
    );
  });

  it.each<RecordType>(['CAA', 'SOA'])('has words of its own for a missing %s', async (type) => {
    await expect(check(type, 'one.test')).rejects.toThrow(`No ${type} records found for one.test`);
    await expect(check(type, 'nope.test')).rejects.toThrow(`No ${type} records found for nope.test`);
  });

  it('asks the configured resolver only', async () => {
    await expect(check('A', 'localhost')).rejects.toThrow(/no such host$/);
    await expect(check('A', '192.0.2.5')).rejects.toThrow(/no such host$/);
    expect(target.seen.map(({ dns }) => dns)).toEqual(['A localhost', 'A 192.0.2.5']);
  });

  it('is down when the resolver is silent until the deadline', async () => {
    await expect(check('CNAME', 'hang.test', { signal: AbortSignal.timeout(100) })).rejects.toThrow(
      /^DNS lookup failed: lookup hang\.test on 127\.0\.0\.1:\d+: read udp .+->127\.0\.0\.1:\d+: i\/o timeout$/,
    );
  });

  it('is down when nobody listens at the resolver', async () => {
    await expect(check('A', 'web.test', { port: await closedPort() })).rejects.toThrow(
      /: read udp 127\.0\.0\.1:\d+->127\.0\.0\.1:\d+: read: connection refused$/,
    );
  });

  it('asks no resolver that the target policy refuses', async () => {
    const strict = createOutbound({ policy: parseTargetPolicy('deny:loopback') });
    const config = { host: 'web.test', resolve_type: 'A', resolver_server: '127.0.0.1', port: target.port } as const;

    await expect(dnsChecker.check(config, { outbound: strict, timeoutSeconds: 1, signal })).rejects.toThrow(
      'DNS lookup failed: dial tcp: 127.0.0.1 is refused by the target policy',
    );
    expect(target.seen).toEqual([]);
  });
});
