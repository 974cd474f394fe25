import { certificateMessage, deliverTo, downMessage, saying } from '../../../test/support/sinks/deliveries';
import { HttpSink } from '../../../test/support/sinks/http-sink';

describe('webhook', () => {
  let sink: HttpSink;
  beforeAll(async () => (sink = await HttpSink.start()));
  afterEach(() => sink.reset());
  afterAll(() => sink.stop());

  const config = (changes: Record<string, unknown> = {}) => ({
    webhook_url: `${sink.url}/hook?a=1`,
    webhook_content_type: 'json',
    ...changes,
  });
  const headers = (value: object) => ({ webhook_additional_headers: JSON.stringify(value) });

  it('posts heartbeat, monitor and message as JSON', async () => {
    await deliverTo('webhook', config());

    const { heartbeat, monitor } = downMessage();
    const [request] = sink.requests;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/hook?a=1',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Peekaping-Webhook/0.0.46',
        'idempotency-key': '77aa-ch1',
      },
    });
    expect(JSON.parse(request!.body)).toEqual({ heartbeat, monitor, msg: 'HTTP request failed with status: 503' });
  });

  it('sends the passwords of the monitor only where the channel says so', async () => {
    const monitor = { ...downMessage().monitor, config: '{"basic_auth_pass":"[hidden]"}' };
    const monitorWithSecrets = { ...monitor, config: '{"basic_auth_pass":"open sesame"}', push_token: 'abc' };
    const message = downMessage({ monitor, monitorWithSecrets });

    await deliverTo('webhook', config(), message);
    await deliverTo('webhook', config({ webhook_include_secrets: true }), message);

    const sent = sink.requests.map(({ body }) => (JSON.parse(body) as { monitor: unknown }).monitor);
    expect(sent).toEqual([monitor, monitorWithSecrets]);
  });

  it('sends null for the heartbeat of a certificate notice', async () => {
    await deliverTo('webhook', config(), certificateMessage());

    expect(JSON.parse(sink.requests[0]!.body)).toMatchObject({ heartbeat: null });
  });

  it('posts the same document as the form field "data"', async () => {
    await deliverTo('webhook', config({ webhook_content_type: 'form-data' }), saying('ü'));

    const [request] = sink.requests;
    const form = await new Response(request!.body, {
      headers: { 'content-type': request!.headers['content-type']! },
    }).formData();
    expect([...form.keys()]).toEqual(['data']);
    expect(JSON.parse(form.get('data') as string)).toMatchObject({ msg: 'ü', monitor: { name: 'Checkout API' } });
  });

  it('posts a custom body as it was rendered', async () => {
    const webhook_custom_body = '{"t":"{{ name }}","u":"{{ monitor.config.url }}"}';

    await deliverTo('webhook', config({ webhook_content_type: 'custom', webhook_custom_body }));

    expect(sink.requests[0]).toMatchObject({
      headers: { 'content-type': 'text/plain' },
      body: '{"t":"Checkout API","u":"https://shop.example.org/health"}',
    });
  });

  it('sends the plain text instead of a broken custom body', async () => {
    await deliverTo('webhook', config({ webhook_content_type: 'custom', webhook_custom_body: '{% if %}' }));

    expect(sink.requests[0]!.body).toBe('HTTP request failed with status: 503');
  });

  it('reports a broken custom body in a test', async () => {
    const broken = config({ webhook_content_type: 'custom', webhook_custom_body: '{% if %}' });

    await expect(deliverTo('webhook', broken, downMessage(), { test: true })).rejects.toThrow(
      /^failed to render custom body template: Liquid error: /,
    );
    expect(sink.requests).toEqual([]);
  });

  it('lets additional headers override the content type, but neither the user agent nor the connection', async () => {
    const extra = {
      'Content-Type': 'application/x-mine',
      'X-Num': 1,
      'X-Big': 1234567,
      'X-Bool': true,
      'X-Null': null,
      'X-Text': 'grün\r\nX-Injected: 1',
      'User-Agent': 'mine',
      Host: 'other.example',
      'Content-Length': 1,
    };

    await deliverTo('webhook', config(headers(extra)));

    const received = sink.requests[0]!.headers;
    expect(received).toMatchObject({
      'content-type': 'application/x-mine',
      'x-num': '1',
      'x-big': '1234567',
      'x-bool': 'true',
      'x-text': 'grün X-Injected: 1',
      'user-agent': 'Peekaping-Webhook/0.0.46',
      host: `127.0.0.1:${sink.port}`,
    });
    expect(received).not.toHaveProperty('x-null');
    expect(received).not.toHaveProperty('x-injected');
  });

  it('quotes what the target answers', async () => {
    sink.answers.push({ status: 500, body: '{"message":"boom"}' });

    await expect(deliverTo('webhook', config())).rejects.toMatchObject({
      message: 'webhook returned status 500: {"message":"boom"}',
      retryable: true,
    });
  });
});
