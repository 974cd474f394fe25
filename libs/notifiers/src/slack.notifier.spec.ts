import { certificateMessage, deliverTo, downMessage, saying } from '../../../test/support/sinks/deliveries';
import { HttpSink } from '../../../test/support/sinks/http-sink';

describe('slack', () => {
  let sink: HttpSink;
  beforeAll(async () => (sink = await HttpSink.start()));
  afterEach(() => sink.reset());
  afterAll(() => sink.stop());

  const config = (changes: Record<string, unknown> = {}) => ({ slack_webhook_url: `${sink.url}/slack`, ...changes });
  const body = () => JSON.parse(sink.requests[0]!.body) as unknown;

  it('posts the text alone by default', async () => {
    await deliverTo('slack', config());

    expect(sink.requests[0]).toMatchObject({
      method: 'POST',
      path: '/slack',
      headers: { 'content-type': 'application/json', 'user-agent': 'Peekaping-Slack/0.0.46' },
    });
    expect(body()).toEqual({ text: 'HTTP request failed with status: 503' });
  });

  const rich = { slack_rich_message: true, slack_channel_notify: true };

  it('posts a card with name, icon, channel, mention and link', async () => {
    const identity = { slack_username: 'U', slack_icon_emoji: ':warning:', slack_channel: '#ops' };

    await deliverTo('slack', config({ ...rich, ...identity }));

    expect(body()).toEqual({
      text: 'Peekaping Alert',
      username: 'U',
      icon_emoji: ':warning:',
      channel: '#ops',
      attachments: [
        {
          color: '#e01e5a',
          blocks: [
            { type: 'header', text: { type: 'plain_text', text: 'Peekaping Alert' } },
            {
              type: 'section',
              fields: [
                { type: 'mrkdwn', text: '*Message*\nHTTP request failed with status: 503 <!channel>' },
                { type: 'mrkdwn', text: '*Time*\n2026-03-04 05:06:07' },
              ],
            },
            {
              type: 'actions',
              elements: [
                {
                  type: 'button',
                  text: { type: 'plain_text', text: 'Visit Peekaping' },
                  value: 'Peekaping',
                  url: 'https://uptime.example.org/monitors/5f0c9d1e',
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('leaves the button out when there is nothing to link to', async () => {
    await deliverTo('slack', config(rich), downMessage(), { clientUrl: '' });

    expect(body()).toMatchObject({ attachments: [{ blocks: [{ type: 'header' }, { type: 'section' }] }] });
  });

  it.each([
    [0, '#e01e5a'],
    [1, '#2eb886'],
    [2, '#daa038'],
    [3, '#808080'],
  ])('shows status %d in %s', async (status, color) => {
    const { heartbeat } = downMessage();

    await deliverTo('slack', config(rich), downMessage({ heartbeat: { ...heartbeat!, status } }));

    expect(body()).toMatchObject({ attachments: [{ color }] });
  });

  it('posts a certificate notice as text even when cards are on', async () => {
    await deliverTo('slack', config(rich), certificateMessage());

    expect(body()).toEqual({ text: '🚨 Certificate Expiry Warning\n\nMonitor: Checkout API <!channel>' });
  });

  it('escapes the message, but not what a template means', async () => {
    await deliverTo('slack', config(), saying('<!everyone> & a > b'));
    await deliverTo('slack', config({ use_template: true, template: '<{{ name }}>' }), saying('x'));

    expect(sink.requests.map((request) => JSON.parse(request.body))).toEqual([
      { text: '&lt;!everyone&gt; &amp; a &gt; b' },
      { text: '<Checkout API>' },
    ]);
  });

  it('ignores the template unless it is switched on', async () => {
    await deliverTo('slack', config({ template: '{{ name }}' }));

    expect(body()).toEqual({ text: 'HTTP request failed with status: 503' });
  });

  it('reports a broken template in a test and sends the text otherwise', async () => {
    const broken = config({ use_template: true, template: '{{ x | nofilter }}' });

    await expect(deliverTo('slack', broken, downMessage(), { test: true })).rejects.toThrow(
      /^failed to render template: Liquid error: .*nofilter/,
    );
    await deliverTo('slack', broken);

    expect(sink.requests).toHaveLength(1);
    expect(body()).toEqual({ text: 'HTTP request failed with status: 503' });
  });

  it('cuts the message of a card to what Slack takes, and keeps the mention', async () => {
    await deliverTo('slack', config(rich), saying('x'.repeat(5000)));

    const card = body() as { attachments: [{ blocks: [object, { fields: [{ text: string }] }] }] };
    const { text } = card.attachments[0].blocks[1].fields[0];
    expect(text).toHaveLength(2000);
    expect(text).toMatch(/x… <!channel>$/);
  });

  it('names the status when Slack refuses', async () => {
    sink.answers.push({ status: 404, body: 'no_service' });

    await expect(deliverTo('slack', config())).rejects.toMatchObject({
      message: 'Slack webhook returned status: 404 Not Found',
      retryable: false,
    });
  });
});
