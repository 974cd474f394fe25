import { certificateMessage, deliverTo, downMessage, saying } from '../../../test/support/sinks/deliveries';
import { HttpSink } from '../../../test/support/sinks/http-sink';

describe('ntfy', () => {
  let sink: HttpSink;
  beforeAll(async () => (sink = await HttpSink.start()));
  afterEach(() => sink.reset());
  afterAll(() => sink.stop());

  const config = (changes: Record<string, unknown> = {}) => ({
    server_url: sink.url,
    topic: 'peekaping',
    authentication_type: 'none',
    priority: 3,
    ...changes,
  });

  it('posts the message as plain text', async () => {
    await deliverTo('ntfy', config({ server_url: `${sink.url}/sub/`, topic: 'a b' }));

    expect(sink.requests).toEqual([
      {
        method: 'POST',
        path: '/sub/a%20b',
        headers: expect.objectContaining({
          'content-type': 'text/plain',
          'user-agent': 'Peekaping-NTFY/0.0.46',
          'x-priority': '3',
          'x-title': 'Peekaping Notification',
        }),
        body: 'HTTP request failed with status: 503',
      },
    ]);
    expect(sink.requests[0]!.headers).not.toHaveProperty('x-tags');
    expect(sink.requests[0]!.headers).not.toHaveProperty('authorization');
  });

  it('renders title, tags and message, in UTF-8 and on one header line', async () => {
    const templates = {
      title: '{{ name }} ✓\nü',
      tags: 'x, {{ status }} ,',
      custom_message: '{{ status_icon }} {{ msg }}',
    };

    await deliverTo('ntfy', config(templates), downMessage());

    expect(sink.requests[0]).toMatchObject({
      headers: { 'x-title': 'Checkout API ✓ ü', 'x-tags': 'x,DOWN,' },
      body: '❌ HTTP request failed with status: 503',
    });
  });

  it('leaves out a title that renders to nothing', async () => {
    await deliverTo('ntfy', config({ title: '{{ nothing }}' }), certificateMessage());

    expect(sink.requests[0]!.headers).not.toHaveProperty('x-title');
  });

  it('falls back to the plain text for broken templates, also in a test, and says so', async () => {
    const broken = { title: '{% bad %}', tags: '{% bad %}', custom_message: '{% bad %}' };
    const warn = jest.fn();

    await deliverTo('ntfy', config(broken), downMessage(), { test: true, warn });

    expect(sink.requests[0]).toMatchObject({
      headers: { 'x-title': 'Peekaping Notification' },
      body: 'HTTP request failed with status: 503',
    });
    expect(sink.requests[0]!.headers).not.toHaveProperty('x-tags');
    expect(warn).toHaveBeenCalledTimes(3);
  });

  it.each([
    ['basic', { username: 'u', password: 'p' }, 'Basic dTpw'],
    ['token', { token: 'tk_1' }, 'Bearer tk_1'],
  ])('authenticates by %s', async (authentication_type, credentials, header) => {
    await deliverTo('ntfy', config({ authentication_type, ...credentials }));

    expect(sink.requests[0]!.headers.authorization).toBe(header);
  });

  it.each([
    ['basic', { username: '', password: 'p' }, 'username and password required for basic authentication'],
    ['token', { token: '' }, 'token required for token authentication'],
  ])('refuses %s without credentials before it sends', async (authentication_type, credentials, message) => {
    await expect(deliverTo('ntfy', config({ authentication_type, ...credentials }))).rejects.toMatchObject({
      message,
      retryable: false,
    });
    expect(sink.requests).toEqual([]);
  });

  it('cuts a message to what the server takes as one', async () => {
    await deliverTo('ntfy', config(), saying('ü'.repeat(3000)));

    const { body } = sink.requests[0]!;
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4096);
    expect(body).toBe(`${'ü'.repeat(2046)}…`);
  });

  it('quotes what the server says when it refuses', async () => {
    sink.answers.push({ status: 403, body: 'forbidden' });

    await expect(deliverTo('ntfy', config())).rejects.toMatchObject({
      message: 'NTFY request failed with status 403: forbidden',
      retryable: false,
    });
  });
});
