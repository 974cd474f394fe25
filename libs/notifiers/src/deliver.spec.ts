import type { HttpRequest } from '@app/outbound';
import { OutboundError } from '@app/outbound';
import { deliverTo, downMessage, outbound as realOutbound, outboundWith } from '../../../test/support/sinks/deliveries';
import { HttpSink } from '../../../test/support/sinks/http-sink';
import type { DeliveryError } from './delivery-error';

const webhook = (url: string) => ({ webhook_url: url, webhook_content_type: 'json' });

function failure(delivery: Promise<void>): Promise<DeliveryError> {
  return delivery.then(
    () => Promise.reject(new Error('was delivered')),
    (error: DeliveryError) => error,
  );
}

describe('deliver', () => {
  let sink: HttpSink;
  beforeAll(async () => (sink = await HttpSink.start()));
  afterEach(() => {
    sink.reset();
    jest.useRealTimers();
  });
  afterAll(() => sink.stop());

  it.each([200, 201, 204, 299])('is content with status %d', async (status) => {
    sink.answers.push({ status });

    await expect(deliverTo('webhook', webhook(sink.url))).resolves.toBeUndefined();
  });

  it.each([
    [302, false],
    [400, false],
    [401, false],
    [404, false],
    [410, false],
    [429, true],
    [500, true],
    [503, true],
  ])('after status %d, trying again makes sense: %s', async (status, retryable) => {
    sink.answers.push({ status });

    await expect(deliverTo('webhook', webhook(sink.url))).rejects.toMatchObject({ name: 'DeliveryError', retryable });
  });

  it.each([
    ['17', 17],
    ['Wed, 04 Mar 2026 05:07:07 GMT', 60],
    ['Wed, 04 Mar 2026 05:00:00 GMT', 0],
    ['soon', undefined],
  ])('understands Retry-After: %s', async (value, seconds) => {
    jest.useFakeTimers({ now: Date.parse('2026-03-04T05:06:07Z'), doNotFake: ['nextTick', 'setImmediate'] });
    sink.answers.push({ status: 429, headers: { 'retry-after': value } });

    await expect(deliverTo('webhook', webhook(sink.url))).rejects.toMatchObject({ retryAfterSeconds: seconds });
  });

  it('asks for limits on redirects and bodies', async () => {
    const asked: HttpRequest[] = [];
    const outbound = outboundWith({
      http: (request: HttpRequest) => {
        asked.push(request);
        return realOutbound.http(request);
      },
    });

    await deliverTo('webhook', webhook(sink.url), downMessage(), { outbound });

    expect(asked).toMatchObject([{ maxRedirects: 10, maxBodyBytes: 65_536 }]);
  });

  it('quotes only the beginning of a long answer', async () => {
    sink.answers.push({ status: 500, body: 'x'.repeat(5000) });

    const { message } = await failure(deliverTo('webhook', webhook(sink.url)));

    expect(message).toBe(`webhook returned status 500: ${'x'.repeat(999)}…`);
  });

  it.each([
    ['webhook', 'failed to send webhook request', (url: string) => webhook(url)],
    ['slack', 'failed to send Slack webhook', (url: string) => ({ slack_webhook_url: url })],
    [
      'telegram',
      'failed to send telegram message',
      (url: string) => ({ bot_token: '1:AA', chat_id: '1', server_url: url }),
    ],
    [
      'ntfy',
      'failed to send NTFY request',
      (url: string) => ({ server_url: url, topic: 't', authentication_type: 'none', priority: 1 }),
    ],
  ])('tells for %s that there was no answer', async (type, prefix, config) => {
    const outbound = outboundWith({ http: () => Promise.reject(new OutboundError('connection refused')) });

    await expect(deliverTo(type, config('http://h/x'), downMessage(), { outbound })).rejects.toMatchObject({
      message: `${prefix}: connection refused`,
      retryable: true,
    });
  });

  it('gives up at the deadline', async () => {
    sink.answers.push('silent');

    await expect(deliverTo('webhook', webhook(sink.url), downMessage(), { timeoutMs: 50 })).rejects.toMatchObject({
      message: 'failed to send webhook request: no answer in time',
      retryable: true,
    });
  });

  it('stops when told to', async () => {
    const signal = AbortSignal.abort();

    await expect(deliverTo('webhook', webhook(sink.url), downMessage(), { signal })).rejects.toMatchObject({
      message: 'failed to send webhook request: cancelled',
      retryable: true,
    });
  });

  it.each([
    ['ftp://h/x', 'only http and https URLs are supported'],
    ['h/x', 'the URL is not valid'],
    ['http://a b', 'the URL is not valid'],
  ])('does not send to %s', async (server_url, detail) => {
    const config = { server_url, topic: 't', authentication_type: 'none', priority: 1 };

    await expect(deliverTo('ntfy', config)).rejects.toMatchObject({
      message: `failed to send NTFY request: ${detail}`,
      retryable: false,
    });
  });

  it('moves credentials from the URL into the header, unless the user set that', async () => {
    const url = sink.url.replace('http://', 'http://jo:p%40ss@');
    const own = { webhook_additional_headers: '{"Authorization":"Bearer t"}' };

    await deliverTo('webhook', webhook(url));
    await deliverTo('webhook', { ...webhook(url), ...own });

    expect(sink.requests.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${Buffer.from('jo:p@ss').toString('base64')}`,
      'Bearer t',
    ]);
  });
});

describe('an error of deliver', () => {
  let sink: HttpSink;
  beforeAll(async () => (sink = await HttpSink.start()));
  afterAll(() => sink.stop());

  const SECRET = 's3cret/Marker+Ünd="1"';
  const encoded = encodeURIComponent(SECRET);
  const TOKEN = 's3cret-Marker';
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const telegram = { bot_token: '1:AA', chat_id: '1' };
  const ntfy = { topic: 't', priority: 1, username: 'user' };

  it.each<[string, string, string, (url: string) => Record<string, unknown>]>([
    ['webhook', 'path', SECRET, (url) => webhook(`${url}/hooks/${encoded}`)],
    ['webhook', 'query', SECRET, (url) => webhook(`${url}/hook?key=${encoded}`)],
    ['webhook', 'URL password', SECRET, (url) => webhook(url.replace('//', `//u:${encoded}@`))],
    [
      'webhook',
      'header',
      TOKEN,
      (url) => ({ ...webhook(url), webhook_additional_headers: `{"X-Key":"Bearer ${TOKEN}"}` }),
    ],
    ['slack', 'path', SECRET, (url) => ({ slack_webhook_url: `${url}/services/T000/${encoded}` })],
    ['telegram', 'token', SECRET, (url) => ({ ...telegram, bot_token: SECRET, server_url: url })],
    ['telegram', 'URL password', SECRET, (url) => ({ ...telegram, server_url: url.replace('//', `//u:${encoded}@`) })],
    [
      'ntfy',
      'password',
      SECRET,
      (url) => ({ ...ntfy, server_url: url, authentication_type: 'basic', password: SECRET }),
    ],
    ['ntfy', 'token', TOKEN, (url) => ({ ...ntfy, server_url: url, authentication_type: 'token', token: TOKEN })],
  ])('of %s does not hold the secret in its %s, whatever the answer quotes', async (type, _where, secret, config) => {
    const forms = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret),
      base64(`user:${secret}`),
      base64(secret),
    ];
    const echo = (): string =>
      [JSON.stringify(sink.requests.at(-1)), JSON.stringify(config(sink.url)), ...forms].join();
    const echoing = outboundWith({
      http: async (request: HttpRequest) => {
        const response = await realOutbound.http(request);
        return { ...response, status: 500, statusText: echo(), body: Buffer.from(echo()) };
      },
    });
    const broken = outboundWith({
      http: ({ url }: HttpRequest) => Promise.reject(new OutboundError(`cannot reach ${url.href}: ${echo()}`)),
    });

    for (const outbound of [echoing, broken]) {
      const error = await failure(deliverTo(type, config(sink.url), downMessage(), { outbound }));
      const everything = `${error.stack} ${String(error.cause)}`;
      expect(everything).toContain('***');
      for (const form of forms) expect(everything).not.toContain(form);
    }
  });

  it('of smtp does not hold the password', async () => {
    const outbound = outboundWith({ connect: () => Promise.reject(new OutboundError(`refused ${SECRET}`)) });
    const config = {
      smtp_host: 'h',
      smtp_port: 25,
      username: 'u',
      password: SECRET,
      from: 'a@acme.test',
      to: 'b@acme.test',
    };

    const error = await failure(deliverTo('smtp', config, downMessage(), { outbound }));

    expect(error.message).toBe('refused ***');
    expect(error.cause).toBeUndefined();
  });
});
