import { deliverTo, downMessage, saying } from '../../../test/support/sinks/deliveries';
import { HttpSink } from '../../../test/support/sinks/http-sink';

describe('telegram', () => {
  let sink: HttpSink;
  beforeAll(async () => (sink = await HttpSink.start()));
  afterEach(() => sink.reset());
  afterAll(() => sink.stop());

  const config = (changes: Record<string, unknown> = {}) => ({
    bot_token: '1:AA',
    chat_id: '-100',
    server_url: `${sink.url}/`,
    ...changes,
  });
  const bodies = () => sink.requests.map((request) => JSON.parse(request.body) as { text: string });

  it('posts the message to the bot API', async () => {
    await deliverTo('telegram', config());

    expect(sink.requests[0]).toMatchObject({
      method: 'POST',
      path: '/bot1:AA/sendMessage',
      headers: { 'content-type': 'application/json', 'user-agent': 'Peekaping/0.0.46' },
    });
    expect(bodies()).toEqual([
      {
        chat_id: '-100',
        text: 'HTTP request failed with status: 503',
        disable_notification: false,
        protect_content: false,
      },
    ]);
  });

  const markdown = { use_template: true, template_parse_mode: 'MarkdownV2', template: '*{{ name }}* {{ msg }}' };

  it('sends thread, flags, template and parse mode', async () => {
    await deliverTo(
      'telegram',
      config({ ...markdown, message_thread_id: '7', send_silently: true, protect_content: true }),
    );

    expect(bodies()).toEqual([
      {
        chat_id: '-100',
        text: '*Checkout API* HTTP request failed with status: 503',
        disable_notification: true,
        protect_content: true,
        message_thread_id: '7',
        parse_mode: 'MarkdownV2',
      },
    ]);
  });

  it.each([{ use_template: false }, { template_parse_mode: 'plain' }])(
    'sends no parse mode with %j',
    async (changes) => {
      await deliverTo('telegram', config({ ...markdown, ...changes }));

      expect(bodies()[0]).not.toHaveProperty('parse_mode');
    },
  );

  it('sends once more without markup when Telegram cannot read it', async () => {
    const description = "Bad Request: can't parse entities: Character '.' is reserved";
    sink.answers.push({ status: 400, body: JSON.stringify({ ok: false, description }) });

    await deliverTo('telegram', config(markdown));

    expect(bodies()).toMatchObject([{ parse_mode: 'MarkdownV2' }, { text: bodies()[0]!.text }]);
    expect(bodies()[1]).not.toHaveProperty('parse_mode');
  });

  it.each([
    ['another reason', config, { ...markdown }, 'Bad Request: chat not found'],
    ['no markup', config, {}, "Bad Request: can't parse entities"],
  ])('does not send again for %s', async (_name, make, changes, description) => {
    sink.answers.push({ status: 400, body: JSON.stringify({ ok: false, description }) });

    await expect(deliverTo('telegram', make(changes))).rejects.toMatchObject({
      message: `telegram API returned status: 400 Bad Request, body: ${description}`,
      retryable: false,
    });
    expect(sink.requests).toHaveLength(1);
  });

  it('waits as long as Telegram asks for', async () => {
    const answer = { ok: false, description: 'Too Many Requests: retry after 17', parameters: { retry_after: 17 } };
    sink.answers.push({ status: 429, body: JSON.stringify(answer) });

    await expect(deliverTo('telegram', config())).rejects.toMatchObject({ retryable: true, retryAfterSeconds: 17 });
  });

  it('quotes an answer that is not from Telegram as it is', async () => {
    sink.answers.push({ status: 502, body: '<html>bad gateway</html>' });

    await expect(deliverTo('telegram', config())).rejects.toThrow(
      'telegram API returned status: 502 Bad Gateway, body: <html>bad gateway</html>',
    );
  });

  it('reports a broken template in a test', async () => {
    const broken = config({ use_template: true, template: '{{ name | nofilter }}' });

    await expect(deliverTo('telegram', broken, downMessage(), { test: true })).rejects.toThrow(
      /^failed to render template: Liquid error: /,
    );
  });

  it('cuts a text to what Telegram takes', async () => {
    await deliverTo('telegram', config(), saying('😀'.repeat(3000)));

    expect(bodies()[0]!.text).toHaveLength(4095); // 4096 would cut an emoji in half
    expect(bodies()[0]!.text).toMatch(/😀…$/u);
  });
});
