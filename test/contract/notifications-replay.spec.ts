import type { DeliveryOptions, HeartbeatView, Message, MonitorView } from '@app/notifiers';
import { deliver, parseChannelConfig, testMessage } from '@app/notifiers';
import { outbound } from '../support/sinks/deliveries';
import { HttpSink } from '../support/sinks/http-sink';
import type { Config, Event, RecordedMail, RecordedNotification } from '../support/sinks/recorded-notifications';
import type { RecordedRequest } from '../support/sinks/recorded-notifications';
import { EVENTS, TEST_TIME, readConfigs, readRecordings } from '../support/sinks/recorded-notifications';
import { comparable, expectMail, expectTelegram, inOurTime, inOurWords } from '../support/sinks/recorded-notifications';
import { SmtpSink } from '../support/sinks/smtp-sink';

/** Entries that are not replayed, and where their subject is tested instead. */
const ELSEWHERE: Record<string, string> = {
  'test: webhook: headers not JSON': 'refused with the config (400): config.spec.ts',
  'test: webhook: headers array': 'refused with the config (400): config.spec.ts',
  'test: smtp: port as a string': 'accepted now: config.spec.ts',
  'test: smtp: multi-line subject': 'stays one line now: smtp.notifier.spec.ts',
  'test: smtp: STARTTLS with a trusted certificate': 'needs an authority: smtp.notifier.spec.ts',
  'test: smtp: STARTTLS with an untrusted certificate': 'needs a certificate: smtp.notifier.spec.ts',
};
/** Events that send nothing any more: first beats that are not down, and statuses of push monitors that do not exist. */
const NEVER_SENT = ['PENDING', 'MAINTENANCE', 'OTHER'];

const recordings = readRecordings(process.env.EXCHANGES_DIR);
const channels = recordings.filter(({ DOWN }) => DOWN);
const isRedirect = ({ name }: RecordedNotification) => /: 30[27]$/.test(name);
const attempts = recordings.filter((entry) => !entry.DOWN && !(entry.name in ELSEWHERE) && !isRedirect(entry));
const replay = recordings.length > 0 ? describe : describe.skip;

/** Where a config is judged differently on purpose; null = accepted. */
const JUDGED_ANEW: Record<string, string | null> = {
  'create: type smtp, port as a string': null,
  'create: type webhook, URL of another scheme': 'Invalid config: webhook_url must be a valid http or https URL',
  'create: config with unknown keys, capitals and odd spacing':
    'Invalid config: zzz is not a known key; a is not a known key',
  'test: config with unknown keys': 'Invalid config: foo is not a known key',
  'test: webhook custom, bad extra headers':
    'Invalid config: webhook_additional_headers must be a JSON object of strings, numbers or booleans',
};
/** Texts that stay; all others are sentences of ours after the same words. */
const KEPT =
  /^(Unsupported notification type|Invalid config: (failed to parse config: unexpected end of JSON input|webhook_custom_body is .*|failed to parse config: |))/;

const configs = readConfigs(process.env.EXCHANGES_DIR);

replay('recorded configs (set EXCHANGES_DIR to the folder of notifications.json)', () => {
  it.each(configs.map((call) => [call.name, call] as const))('%s', (name, { request: { body }, response }) => {
    const parse = () => parseChannelConfig(body!.type ?? '', (body!.config as string | undefined) ?? '');

    const kept = response.status === 400 ? KEPT.exec(response.body.message)![0] : null;
    const refusal = name in JUDGED_ANEW ? JUDGED_ANEW[name]! : kept;
    if (refusal === null) expect(parse).not.toThrow();
    else expect(parse).toThrow(refusal);
  });

  it('has the calls that are judged anew', () => {
    expect(configs.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(JUDGED_ANEW)));
  });
});

replay('recorded notifications (set EXCHANGES_DIR to the folder of notifications.json)', () => {
  let http: HttpSink;
  let smtp: SmtpSink;
  let smtpWithoutAuth: SmtpSink;

  beforeAll(async () => {
    http = await HttpSink.start();
    smtp = await SmtpSink.start({ refuse: { nobody: 550 } });
    smtpWithoutAuth = await SmtpSink.start({ withoutAuth: true });
  });
  afterEach(() => {
    http.reset();
    smtp.reset();
  });
  afterAll(() => Promise.all([http.stop(), smtp.stop(), smtpWithoutAuth.stop()]));

  const events = channels.flatMap((channel) =>
    EVENTS.filter((event) => channel[event]).map((event) => ({ channel, event })),
  );

  it.each(events.map(({ channel, event }) => [channel.name, event, channel] as const))(
    '%s: %s',
    async (_name, event, entry) => {
      const { type, config } = entry.channel;
      await send(type, local(config!), messageOf(event));

      const expected = event === 'TEST' ? entry.TEST!.requests : entry[event]!;
      expect(type === 'smtp' ? smtp.mails : http.requests).toHaveLength(expected.length);
      for (const [i, recorded] of expected.entries()) await expectSent(type, recorded, i, event);
    },
  );

  it.each(attempts.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
    const { config, answer = {}, error = errorOf(entry), ...options } = await attemptOf(entry);
    http.answers.push(answer);
    const attempt = send(entry.channel.type, local(config), testMessage(TEST_TIME), { test: true, ...options });

    if (error === null) await expect(attempt).resolves.toBeUndefined();
    else await expect(attempt).rejects.toThrow(error);
    if (error === null && entry.name.endsWith(': template'))
      await expectSent(entry.channel.type, entry.requests![0]!, 0, 'TEST');
  });

  it.each(recordings.filter(isRedirect).map((entry) => [entry.name, entry] as const))('%s', async (name, entry) => {
    const { type } = entry.channel;
    const status = Number(name.slice(-3));
    http.answers.push({ status, headers: { location: '/p/redirected' } });

    await send(type, local(channelOf(type)), testMessage(TEST_TIME));

    const method = status === 307 ? 'POST' : 'GET';
    expect(http.requests).toMatchObject([{ method: 'POST' }, { method, path: '/p/redirected' }]);
  });

  it('leaves nothing out without saying so', () => {
    const known = new Set<string>([...EVENTS, ...NEVER_SENT, 'name', 'channel', 'ours']);
    expect(channels.flatMap((entry) => Object.keys(entry)).filter((key) => !known.has(key))).toEqual([]);
    expect(recordings.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(ELSEWHERE)));
  });

  function send(type: string, config: Config, message: Message, options: Partial<DeliveryOptions> = {}) {
    const context = { outbound, signal: new AbortController().signal, clientUrl: 'https://uptime.example.org' };
    return deliver(parseChannelConfig(type, JSON.stringify(config)), message, {
      ...context,
      version: '0.0.46',
      ...options,
    });
  }

  async function expectSent(type: string, recorded: RecordedRequest | RecordedMail, i: number, event: Event) {
    if ('data' in recorded) {
      const envelope = channels.find(({ name }) => name === 'smtp')!.DOWN![0] as RecordedMail;
      return expectMail(inOurTime({ ...envelope, ...recorded }, event), smtp.mails[i]);
    }
    if (type === 'telegram') return expectTelegram(recorded, http.requests[i]);
    const expected = inOurWords(recorded, event);
    const actual = http.requests[i]!;
    const unasked = Object.keys(actual.headers).filter((name) => /^(x-|authorization$)/.test(name));
    const names = [...Object.keys(expected.headers), ...unasked];
    expect(comparable(actual, names)).toEqual(comparable(expected, names));
  }

  /** With our ports for the recorded ones, no TLS (the mail sink has none), and no object as a header value. */
  function local(config: Config): Config {
    const result = JSON.parse(JSON.stringify(config).replaceAll('http://127.0.0.1:9481', http.url)) as Config;
    if (result.smtp_port === 9501) Object.assign(result, { smtp_port: smtp.port, smtp_secure: false });
    const headers = result.webhook_additional_headers as string | undefined;
    return headers ? { ...result, webhook_additional_headers: headers.replace(',"X-Obj":{"a":1}', '') } : result;
  }

  interface Attempt extends Partial<DeliveryOptions> {
    config: Config;
    answer?: HttpSink['answers'][number];
    /** Null = it succeeds. Default: as recorded. */
    error?: string | null;
  }

  async function attemptOf({
    name,
    channel: { type, target = '', config_difference },
  }: RecordedNotification): Promise<Attempt> {
    const config: Config = { ...channelOf(type), ...config_difference };
    switch (name.replace(/^test: \w+: /, '')) {
      case 'refused':
        return { config: at(config, await closedPort()), ...(type === 'smtp' && { error: 'connection refused' }) };
      case 'silent server':
        return { config: at(config, http.port), answer: 'silent', timeoutMs: 50, error: 'no answer in time' };
      case 'server without AUTH':
        return { config: at(config, smtpWithoutAuth.port) };
      case 'bad password':
        return { config, error: '535 bad' };
      case 'recipient refused':
        return { config: { ...config, to: 'nobody@example.org' }, error: '550 no such user' };
      case 'two recipients':
      case 'display name in from':
      case 'line break in title':
        return { config, error: null };
      default: {
        const [, status, body] = /^answers (\d+)(?: with)? (.*)$/.exec(target) ?? [];
        return { config, answer: status ? { status: Number(status), body } : {} };
      }
    }
  }

  async function closedPort(): Promise<number> {
    const sink = await HttpSink.start();
    const { port } = sink;
    await sink.stop();
    return port;
  }
});

/** The first plain channel of a type, which the recorded attempts changed. */
function channelOf(type: string): Config {
  return channels.find(({ channel }) => channel.type === type)!.channel.config!;
}

function at(config: Config, port: number): Config {
  const moved = JSON.parse(
    JSON.stringify(config).replaceAll('http://127.0.0.1:9481', `http://127.0.0.1:${port}`),
  ) as Config;
  return 'smtp_port' in moved ? { ...moved, smtp_port: port } : moved;
}

/** Up to the words of a library, which are ours now; telegram quotes the description instead of a dump. */
function errorOf({ response }: RecordedNotification): string | null {
  if (!response || response.status < 400) return null;
  const message = response.body.message.replace('Failed to send test notification: ', '');
  const own = /^failed to (send [\w ]+|render [\w ]+: Liquid error): /.exec(message)?.[0];
  return own ?? message.replace(/body: &.*/s, 'body: desc');
}

/** The webhook's recording holds the whole input of every event; the other channels got the same. */
function messageOf(event: Event): Message {
  if (event === 'TEST') return testMessage(TEST_TIME);
  const [request] = channels.find(({ name }) => name === 'webhook-json')![event] as RecordedRequest[];
  const { msg, ...views } = request!.body as { heartbeat: HeartbeatView | null; monitor: MonitorView; msg: string };
  return { text: msg, ...views, monitorWithSecrets: views.monitor, idempotencyKey: `replay-${event}` };
}
