import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig, runCheck } from '@app/checkers';
import type { Verdict } from '@app/checkers';
import { createOutbound } from '@app/outbound';
import type { ProxyProtocol, ProxySettings } from '@app/core';
import {
  Authority,
  closedPort,
  selfSigned,
  startDnsTarget,
  startHttpProxy,
  startHttpTarget,
  startSocksProxy,
  startTcpTarget,
} from '../support/targets';
import type { Identity, Seen } from '../support/targets';

/** Recorded checks (`EXCHANGES_DIR`): what the reference made of each config. Where an entry has `ours`, ours counts. */
const folder = process.env['EXCHANGES_DIR'];
const TYPES = ['http', 'http-keyword', 'http-json-query', 'tcp', 'ping', 'dns', 'push'];

interface Entry {
  name: string;
  config: Record<string, unknown>;
  result: { status: number; msg: string };
  proxy?: { protocol: ProxyProtocol; port: number; auth: boolean; username?: string; password?: string };
  seen?: SeenRecord[];
  tls?: { valid: boolean; certInfo: Record<string, unknown> };
}

interface SeenRecord {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
  client?: string;
  /** What the HTTP proxy was asked for. */
  proxy?: string;
  auth?: string;
  /** A message to the SOCKS proxy, in hex. */
  socks?: string;
}

interface ReadMe {
  config_defaults: Record<string, Record<string, unknown>>;
}

interface SaveError {
  type: string;
  name: string;
  config: unknown;
  config_is?: string;
  response: { status: number };
}

/** Entries that cannot be run here, and why. */
const NOT_REPLAYED: Record<string, string> = {
  'http: slow answer 3 s': 'tests do not sleep; the deadline entries cover waiting',
};

/** Where we differ: the status and the start of the message, in place of what was recorded. */
const OURS: Record<string, { status: number; msg: string }> = {
  'http: accepted_statuscodes []': refused('accepted_statuscodes must have at least 1 item'),
  'http: headers is a JSON array': refused('headers must be the JSON text of an object of strings'),
  'http: headers with a number value': refused('headers must be the JSON text of an object of strings'),
  'http: redirect 302, max_redirects 0': { status: 0, msg: 'HTTP request failed with status: 302' },
  'http: redirect 302, max_redirects 0, 3XX accepted': { status: 1, msg: '302 - 302 Found' },
  'http: absolute Location, max_redirects 0': { status: 0, msg: 'HTTP request failed with status: 302' },
  'http: ntlm, server offers Basic only': { status: 0, msg: 'HTTP request failed with status: 401' },
  'http: oauth2 answer without access_token': {
    status: 0,
    msg: 'failed to parse oauth2 token response: no access_token',
  },
  'http-keyword: keyword at the end of 12 MiB': {
    status: 0,
    msg: "Keyword check failed: keyword 'NEEDLE' not found in response",
  },
  'tcp: IPv6 without brackets': {
    status: 0,
    msg: 'TCP connection failed: dial tcp [::1]:9502: connect: connection refused',
  },
  'ping: starts with a dash': refused('host must not start with a dash'),
  'dns: SERVFAIL CAA': { status: 0, msg: 'DNS lookup failed: lookup servfail.test on 127.0.0.1:9488: ' },
  'dns: truncated CAA': { status: 1, msg: 'CAA records: 0 issue "letsencrypt.org"' },
  'dns: IPv6 resolver': { status: 1, msg: 'A records: 192.0.2.2, 192.0.2.1' },
  'dns: IPv6 resolver CAA': { status: 1, msg: 'CAA records: 0 issue "letsencrypt.org"' },
  'dns: localhost from the hosts file': noSuchHost('localhost'),
  'dns: IP literal': noSuchHost('192.0.2.5'),
};

function refused(problem: string) {
  return { status: 0, msg: `Invalid monitor configuration: ${problem}` };
}

function noSuchHost(name: string) {
  return { status: 0, msg: `DNS lookup failed: lookup ${name} on 127.0.0.1:9488: no such host` };
}

/** Library texts that are not the reference's: only this much of the message is fixed. */
const FIXED_PART: Record<string, string> = {
  'http: http to a TLS port': 'Get "http://127.0.0.1:9483/status/200": ',
  'http: mtls required but not given': 'Get "https://127.0.0.1:9507/status/200": ',
  'http: oauth2 token endpoint not JSON': 'failed to parse oauth2 token response: ',
  'http: not HTTP': 'Get "http://127.0.0.1:9512/": net/http: HTTP/1.x transport connection broken: malformed HTTP',
  'ping: unknown host': 'Ping failed: ping command failed: ',
  'dns: SERVFAIL A': 'DNS lookup failed: lookup servfail.test on 127.0.0.1:9488: server misbehaving',
  'dns: REFUSED A': 'DNS lookup failed: lookup refused.test on 127.0.0.1:9488: server misbehaving',
  'dns: silent server CAA': 'DNS lookup failed: ',
  'dns: resolver port closed A': 'DNS lookup failed: lookup web.test on 127.0.0.1:9502: read udp ',
  'dns: resolver port closed SOA': 'DNS lookup failed: ',
};

/** What the target saw of us, where that differs from the record. */
const SEEN_OURS: Record<string, object[]> = {
  'http: custom headers incl. Content-Type, Host, User-Agent': [
    {
      headers: {
        'content-type': 'application/vnd.x+json',
        host: 'other.example',
        'user-agent': 'mine',
        'x-env': 'prod',
      },
    },
  ],
  'http: oauth2 client_secret_basic': [
    { path: '/token', body: 'client_id=probe&grant_type=client_credentials&scope=read+write' },
    { path: '/bearer', headers: { authorization: 'Bearer tok-1' } },
  ],
  'http: ntlm, server offers Basic only': [{ path: '/ntlm-basic-only' }],
  'http: ntlm handshake': [{ path: '/ntlm' }, { path: '/ntlm' }, { path: '/ntlm' }],
};

const describeRecorded = folder ? describe : describe.skip;
const why = folder ? '' : ': set EXCHANGES_DIR to the folder of the recorded exchanges to replay them';

describeRecorded(`recorded checks${why}`, () => {
  const [readMe, ...entries] = load<[ReadMe, ...Entry[]]>('checks.json');
  const ours = entries.filter(({ name }) => TYPES.includes(typeOf(name)));
  const hasPing = ['/usr/bin/ping', '/bin/ping', '/sbin/ping', '/usr/local/bin/ping'].some((path) => existsSync(path));
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  it.each(ours.filter(({ name }) => name in NOT_REPLAYED || (!hasPing && name.startsWith('ping: '))))(
    'is not replayed: $name',
    ({ name }) => {
      console.info(`${name}: ${NOT_REPLAYED[name] ?? 'there is no ping on this machine'}`);
    },
  );

  const replayed = ours.filter(({ name }) => !(name in NOT_REPLAYED) && (hasPing || !name.startsWith('ping: ')));
  it.each(replayed)('$name', async (entry) => {
    const type = typeOf(entry.name);
    const config = stage.fill({ ...readMe.config_defaults[type], ...entry.config }, entry.name);
    stage.reset();

    const proxy = entry.proxy && stage.proxyOf(entry.proxy);
    const verdict = await stage.run(type, config, mustHang(entry.name) ? 400 : 10_000, proxy);

    const expected = OURS[entry.name] ?? entry.result;
    expect({ status: verdict.status, message: wording(verdict.message) }).toEqual({
      status: expected.status === 1 ? 'up' : 'down',
      message: expectedWording(entry, stage),
    });
    expectSeen(entry, stage);
    expectCertificate(entry, verdict);
  });
});

describeRecorded('recorded refusals of configs', () => {
  const [readMe] = load<[ReadMe]>('checks.json');
  const [, ...entries] = load<[unknown, ...SaveError[]]>('checks-save-errors.json');
  const ours = entries.filter(({ type }) => TYPES.includes(type) || !isKnownElsewhere(type));

  it.each(ours)('$type: $name', ({ type, name, config, config_is, response }) => {
    const text = saveText(config, config_is, readMe.config_defaults[type] ?? {});
    const save = () => parseConfig(type, text, { strict: true });

    if (response.status === 201 && name !== 'headers array') expect(save).not.toThrow();
    else if (name === '1XX status code') expect(save).not.toThrow();
    else expect(save).toThrow(/^Invalid monitor configuration: .+/);
  });
});

/** Types of a later issue; "nope" and "HTTP" are no types at all. */
function isKnownElsewhere(type: string): boolean {
  return type !== 'nope' && type !== 'HTTP';
}

function saveText(config: unknown, kind: string | undefined, defaults: Record<string, unknown>): string {
  if (kind?.startsWith('difference')) return JSON.stringify({ ...defaults, ...(config as object) });
  if (typeof config !== 'string') return JSON.stringify(config);
  const without = /without (\w+)$/.exec(config)?.[1];
  if (!without) return config;
  const { [without]: _, ...rest } = defaults;
  return JSON.stringify(rest);
}

function load<T>(file: string): T {
  return JSON.parse(folder ? readFileSync(join(folder, file), 'utf8') : '[{}]') as T;
}

function typeOf(name: string): string {
  return name.slice(0, name.indexOf(':'));
}

function mustHang(name: string): boolean {
  return /never ends|deadline|silent/.test(name);
}

/** Without what is different at every run. */
function wording(message: string): string {
  return message
    .replace(/127\.0\.0\.1:\d+->/, 'LOCAL->')
    .replace(/current time \S+/, 'current time NOW')
    .replace(/is after \S+/, 'is after THEN')
    .replace(/RTT: [\d.]+(µ|m)s/, 'RTT');
}

function expectedWording({ name, result }: Entry, stage: Stage): unknown {
  const fixed = FIXED_PART[name];
  if (fixed !== undefined) return expect.stringContaining(stage.ports(fixed));
  if (OURS[name]) return expect.stringContaining(stage.ports(OURS[name].msg));
  const server = name.startsWith('dns: ') ? ' on 127.0.0.1:9488' : '';
  const message = result.msg
    .replace(' on 10.0.0.2:53', server)
    .replace(/net\/http: request canceled \(.+\)/, 'context deadline exceeded');
  return wording(stage.ports(message));
}

const VOLATILE = ['host', 'connection', 'content-length'];

function expectSeen({ name, seen: all, proxy }: Entry, stage: Stage): void {
  const seen = all?.filter(({ method }) => method !== undefined);
  expectProxySaw(all ?? [], proxy?.protocol, stage);
  if (SEEN_OURS[name]) expect(stage.seen).toMatchObject(SEEN_OURS[name]);
  else if (seen?.[0]?.method) {
    const plain = stage.seen.map(({ headers, ...rest }) => ({ ...rest, headers: withoutVolatile(headers) }));
    expect(plain).toMatchObject(
      seen.map((request) => ({ ...request, headers: withoutVolatile(lowerCased(request.headers!, stage)) })),
    );
    plain.forEach(({ headers }, i) => expect(Object.keys(headers).sort()).toEqual(headerNames(seen[i]!.headers!)));
  }
}

/** SOCKS 4 is spoken as such; the rest is as recorded. */
function expectProxySaw(seen: readonly SeenRecord[], protocol: ProxyProtocol | undefined, stage: Stage): void {
  const asked = seen.flatMap(({ proxy, socks }) => proxy ?? socks ?? []).map((text) => stage.ports(text));
  if (asked.length === 0) return; // not recorded
  const port = (hex: string) => stage.ports(String(Number.parseInt(hex, 16)));
  const inHex = (text: string) => Number(text).toString(16).padStart(4, '0');
  const expected = asked.map((text) =>
    text.replace(/^(05010001.{8})(.{4})$/, (_, start: string, hex: string) => start + inHex(port(hex))),
  );
  expect(stage.asked()).toEqual(
    protocol === 'socks4' ? expected.slice(1).map((text) => `0401${text.slice(16)}${text.slice(8, 16)}00`) : expected,
  );
  const auth = seen.flatMap(({ auth: value }) => value ?? []);
  if (auth.length > 0) expect(stage.credentials()).toEqual(auth);
}

function headerNames(headers: Record<string, string>): string[] {
  return Object.keys(headers)
    .map((name) => name.toLowerCase())
    .filter((name) => !VOLATILE.includes(name))
    .sort();
}

function withoutVolatile(headers: object): object {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !VOLATILE.includes(name)));
}

function lowerCased(headers: Record<string, string>, { ports }: Stage): object {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), ports(value)]));
}

function expectCertificate({ name, tls }: Entry, { certificate }: Verdict): void {
  if (tls) {
    expect(certificate?.valid).toBe(tls.valid);
    expect(Object.keys(certificate!.certInfo!)).toEqual(Object.keys(tls.certInfo));
    const { certType, signatureAlgorithm, publicKeyAlgorithm, keySize, version } = tls.certInfo;
    expect(certificate!.certInfo).toMatchObject({ certType, signatureAlgorithm, publicKeyAlgorithm, keySize, version });
  } else if (/self-signed|wrong host|without SAN|expired$/.test(name)) {
    expect(certificate).toMatchObject({ valid: false, certInfo: { version: 3 } });
  }
}

type Stage = Awaited<ReturnType<typeof openStage>>;

/** Every target of the records, each on a port of its own. */
async function openStage() {
  const seen: Seen[] = [];
  const authority = await Authority.create();
  const past = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2026-02-01T00:00:00Z') };
  const shop = ['localhost', 'shop.example', '127.0.0.1'];
  const secureTarget = async (identity: Identity, more = {}) =>
    startHttpTarget({ seen, tls: { ...identity, ...more } });
  const client = await authority.issue({ commonName: 'probe' });
  const other = await authority.issue({ commonName: 'probe' });
  const nobody = await closedPort('::');

  const plain = await startHttpTarget({ seen, closedPort: nobody });
  const targets = {
    9482: plain,
    9483: await secureTarget(await authority.issue({ names: shop })),
    9484: await secureTarget(await selfSigned()),
    9485: await secureTarget(await authority.issue({ names: shop, notAfter: new Date(Date.now() + 432_000_000) })),
    9486: await secureTarget(await authority.issue({ commonName: 'a.example', names: ['a.example'] })),
    9487: await secureTarget(await authority.issue(past)),
    9507: await secureTarget(await authority.issue(), {
      ca: authority.identity.cert,
      requestCert: true,
      rejectUnauthorized: true,
    }),
    9508: await secureTarget(await authority.issue({ names: [] })),
    9512: await startTcpTarget((socket) => socket.end('garbage\r\n\r\n')),
    9513: await startTcpTarget(),
    9514: await startTcpTarget((socket) => void setImmediate(() => socket.resetAndDestroy())),
    9488: await startDnsTarget(),
    9505: await startHttpProxy(),
    9506: await startHttpProxy({ refuses: 407 }),
    9509: await startSocksProxy(),
  };
  const proxies = [targets[9505], targets[9506], targets[9509]];
  const dns6 = await startDnsTarget({ host: '::1' });
  const known: Record<string, number> = { 9502: nobody, 9515: nobody };
  for (const [recorded, { port }] of Object.entries(targets)) known[recorded] = port;

  const outbound = createOutbound({ extraRoots: [authority.identity.cert] });
  const ports = (text: string) => text.replace(/\b9\d{3}\b/g, (recorded) => String(known[recorded] ?? recorded));

  return {
    seen,
    ports,
    reset() {
      for (const list of [seen, ...proxies.flatMap(({ asked, credentials }) => [asked, credentials])]) list.length = 0;
    },
    /** What the proxies were asked for, and with which credentials. */
    asked: () => proxies.flatMap(({ asked }) => asked),
    credentials: () => proxies.flatMap(({ credentials }) => credentials),
    proxyOf({ protocol, port, auth, username, password }: NonNullable<Entry['proxy']>): ProxySettings {
      const account = auth ? { username, password } : {};
      return { protocol, host: '127.0.0.1', port: Number(ports(String(port))), ...account };
    },
    /** The config with the ports of this run and real PEM texts. */
    fill(config: Record<string, unknown>, name: string): string {
      const pem = { tlsCert: client.cert, tlsKey: client.key, tlsCa: authority.identity.cert };
      const filled = { ...config };
      for (const key of ['tlsCert', 'tlsKey', 'tlsCa'] as const) if (config[key] === '<PEM>') filled[key] = pem[key];
      if (name.includes('bad key pair')) filled['tlsKey'] = other.key;
      const text = ports(JSON.stringify(filled));
      return config['resolver_server'] === '::1' ? text.replace(/"port":\d+/, `"port":${dns6.port}`) : text;
    },
    run(type: string, config: string, timeoutMs: number, proxy?: ProxySettings): Promise<Verdict> {
      const signal = AbortSignal.timeout(timeoutMs);
      return runCheck({ type, config }, { signal, timeoutSeconds: 16, outbound, proxy });
    },
    async close() {
      await Promise.all([...Object.values(targets), dns6].map((target) => target.close()));
    },
  };
}
