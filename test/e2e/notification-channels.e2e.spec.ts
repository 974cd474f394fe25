import { useApi } from '../support/api';
import { FakeClock } from '../support/clock';
import { webhookBody } from '../support/monitors';
import { HttpSink } from '../support/sinks/http-sink';
import { closedPort } from '../support/targets';
import { AN_ID, NOBODY, created, refused, success } from '../support/wire';

const NOW = '2026-11-24T12:00:00.000Z';
const LATER = '2026-11-24T12:00:05.000Z';
const UNKNOWN = refused(404, 'Notification not found');
const CREATED = 'Notification created successfully';
const UPDATED = 'notification updated successfully';
const HOOK = 'http://127.0.0.1:9/hook';

const SMTP = {
  smtp_host: 'mail.acme.test',
  smtp_port: 587,
  username: 'ops',
  password: 'secret',
  from: 'a@b.co',
  to: 'c@d.co',
};

const stored = (values: object = {}) => ({
  id: AN_ID,
  ...webhookBody(HOOK),
  created_at: NOW,
  updated_at: NOW,
  ...values,
});
const config = (values: object) => JSON.stringify({ webhook_url: HOOK, webhook_content_type: 'json', ...values });

describe('POST /notification-channels', () => {
  const api = useApi({ clock: new FakeClock() });
  const create = (values: object = {}) => api.post('/notification-channels', webhookBody(HOOK, { ...values }));

  it('stores what was sent and returns the stored row', async () => {
    const answer = await create({ foo: 1 });

    expect(answer).toEqual(created(CREATED, stored()));
    await expect(api.get(`/notification-channels/${answer.body.data.id}`)).resolves.toEqual(success(answer.body.data));
  });

  it.each([
    ['an explicit false', { active: false, is_default: true }, { active: false, is_default: true }],
    ['absent flags', { active: undefined, is_default: null }, { active: true, is_default: false }],
    ['an empty name', { name: '' }, { name: '' }],
    ['no name', { name: null }, { name: '' }],
  ])('keeps %s', async (_, values, expected) => {
    await expect(create(values)).resolves.toEqual(created(CREATED, stored(expected)));
  });

  it.each([
    ['odd spacing', `{ "webhook_url" : "${HOOK}",\n "webhook_content_type":"json" }`],
    ['name and type inside, as the web client sends them', config({ name: 'Ops room', type: 'webhook' })],
    ['what is left of other providers', config({ smtp_host: 'mail.acme.test', smtp_port: 587, bot_token: '1:x' })],
  ])('keeps the text of config: %s', async (_, text) => {
    await expect(create({ config: text })).resolves.toMatchObject(created(CREATED, { config: text }));
  });

  it.each([
    ['smtp, its port as text', 'smtp', { ...SMTP, smtp_port: '465' }],
    ['smtp', 'smtp', SMTP],
    ['telegram', 'telegram', { bot_token: '1:x', chat_id: '42' }],
    ['slack', 'slack', { slack_webhook_url: HOOK }],
    ['ntfy', 'ntfy', { server_url: HOOK, topic: 'ops', authentication_type: 'none', priority: 3 }],
  ])('takes %s', async (_, type, values) => {
    const answer = await create({ type, config: JSON.stringify(values) });

    expect(answer).toMatchObject(created(CREATED, { type }));
  });

  it.each([
    ['nothing', {}, 'Unsupported notification type'],
    ['an unknown type', { type: 'carrier_pigeon', config: '{}' }, 'Unsupported notification type'],
    ['a type in capitals', { type: 'Webhook', config: config({}) }, 'Unsupported notification type'],
    ['no config', { type: 'webhook' }, 'Invalid config: failed to parse config: unexpected end of JSON input'],
    [
      'a config that is no JSON',
      { type: 'webhook', config: 'hello' },
      'Invalid config: failed to parse config: not a valid JSON document',
    ],
    [
      'a list as config',
      { type: 'webhook', config: '[]' },
      'Invalid config: failed to parse config: a JSON object is expected',
    ],
    [
      'an empty config',
      { type: 'webhook', config: '{}' },
      'Invalid config: webhook_url is required; webhook_content_type is required',
    ],
    [
      'null as config document',
      { type: 'webhook', config: 'null' },
      'Invalid config: webhook_url is required; webhook_content_type is required',
    ],
    [
      'content type custom without a body',
      { type: 'webhook', config: config({ webhook_content_type: 'custom' }) },
      "Invalid config: webhook_custom_body is required when webhook_content_type is 'custom'",
    ],
    [
      'an unknown key in config',
      { type: 'webhook', config: config({ webhook_uri: 'x' }) },
      'Invalid config: webhook_uri is not a known key',
    ],
    ['an object as config', { type: 'webhook', config: {} }, 'config must be a string'],
    ['text for a flag', webhookBody(HOOK, { active: 'true' }), 'active must be true or false'],
    ['a long name', webhookBody(HOOK, { name: 'n'.repeat(256) }), 'name must be at most 255 characters'],
  ])('refuses %s', async (_, body, message) => {
    await expect(api.post('/notification-channels', body)).resolves.toEqual(refused(400, message));
  });

  it.each(['javascript:x(1)', 'ftp://a/b', '127.0.0.1:80', '//host/x', 'file:///etc/passwd'])(
    'takes only http and https: not %s',
    async (url) => {
      const answer = await create({ config: config({ webhook_url: url }) });

      expect(answer.status).toBe(400);
      expect(answer.body.message).toMatch(/^Invalid config: webhook_url /);
    },
  );
});

describe('GET /notification-channels', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  const names = async (query: string) =>
    ((await api.get(`/notification-channels${query}`)).body.data as { name: string }[]).map(({ name }) => name);

  it('is an empty list at first', async () => {
    await expect(api.get('/notification-channels')).resolves.toEqual(success([]));
  });

  describe('with channels', () => {
    beforeAll(async () => {
      for (const name of ['First', 'second', '100%', 'a_b', 'axb', '', 'G7', 'H8', 'I9', 'J10', 'K11']) {
        clock.advance(1000);
        await api.post('/notification-channels', webhookBody(HOOK, { name }));
      }
    });

    it.each<[string, string[]]>([
      ['', ['K11', 'J10', 'I9', 'H8', 'G7', '', 'axb', 'a_b', '100%', 'second']],
      ['?limit=2&page=1', ['I9', 'H8']],
      ['?page=99', []],
      ['?limit=5000&q=FIRST', ['First']],
      ['?q=%25', ['100%']],
      ['?q=a_b', ['a_b']],
    ])('answers %j', async (query, expected) => {
      await expect(names(query)).resolves.toEqual(expected);
    });
  });

  it.each([
    ['page=x&limit=0', 'Invalid page parameter'],
    ['limit=0', 'Invalid limit parameter'],
  ])('refuses %s', async (query, message) => {
    await expect(api.get(`/notification-channels?${query}`)).resolves.toEqual(refused(400, message));
  });
});

describe('one channel', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  let id = '';

  beforeEach(async () => {
    clock.set(Date.parse(NOW));
    id = (await api.post('/notification-channels', webhookBody(HOOK, { is_default: true }))).body.data.id as string;
    clock.set(Date.parse(LATER));
  });

  it('is replaced by PUT, false and "" included', async () => {
    const body = webhookBody(HOOK, { name: '', active: false, is_default: false });
    const expected = stored({ id, ...body, updated_at: LATER });

    await expect(api.put(`/notification-channels/${id}`, body)).resolves.toEqual(success(expected, UPDATED));
    await expect(api.get(`/notification-channels/${id}`)).resolves.toEqual(success(expected));
  });

  it.each([
    ['what Terraform sends', { name: 'TF', type: 'slack', config: `{"slack_webhook_url":"${HOOK}"}` }],
    ['a name alone', { name: 'Only name' }],
    ['a flag alone', { active: false }],
    ['a config alone', { config: config({ webhook_content_type: 'form-data' }) }],
    ['nothing', {}],
  ])('keeps what PATCH does not name: %s', async (_, body) => {
    const expected = stored({ id, is_default: true, ...body, updated_at: LATER });

    await expect(api.patch(`/notification-channels/${id}`, body)).resolves.toEqual(success(expected, UPDATED));
  });

  it('takes null in PATCH as absent', async () => {
    const nulls = { name: null, type: null, active: null, is_default: null, config: null };

    await expect(api.patch(`/notification-channels/${id}`, nulls)).resolves.toMatchObject({
      status: 200,
      body: { data: { name: 'Ops room', active: true, is_default: true } },
    });
  });

  it.each([
    ['put', { name: 'x', type: 'nope', config: 'hello' }, 'Unsupported notification type'],
    ['put', { name: 'G', type: 'webhook' }, 'Invalid config: failed to parse config: unexpected end of JSON input'],
    ['put', { ...webhookBody(HOOK), config: {} }, 'config must be a string'],
    ['patch', { type: 'slack' }, 'Invalid config: slack_webhook_url is required'],
    ['patch', { type: '' }, 'Unsupported notification type'],
    ['patch', { config: '' }, 'Invalid config: failed to parse config: unexpected end of JSON input'],
    ['patch', { name: 1 }, 'name must be a string'],
  ] as const)('refuses %s of %j, changing nothing', async (method, body, message) => {
    await expect(api[method](`/notification-channels/${id}`, body)).resolves.toEqual(refused(400, message));

    await expect(api.get(`/notification-channels/${id}`)).resolves.toEqual(success(stored({ id, is_default: true })));
  });

  it('is found by its id in any letter case', async () => {
    await expect(api.get(`/notification-channels/${id.toUpperCase()}`)).resolves.toMatchObject({ status: 200 });
  });

  it.each([NOBODY, 'nope', 'test', '%00'])('is not found as %s', async (unknown) => {
    await expect(api.get(`/notification-channels/${unknown}`)).resolves.toEqual(UNKNOWN);
    await expect(api.put(`/notification-channels/${unknown}`, webhookBody(HOOK))).resolves.toEqual(UNKNOWN);
    await expect(api.patch(`/notification-channels/${unknown}`, {})).resolves.toEqual(UNKNOWN);
    await expect(api.delete(`/notification-channels/${unknown}`)).resolves.toEqual(
      success(null, 'Notification deleted successfully'),
    );
  });

  it('may be deleted again and again', async () => {
    const gone = success(null, 'Notification deleted successfully');

    await expect(api.delete(`/notification-channels/${id}`)).resolves.toEqual(gone);
    await expect(api.delete(`/notification-channels/${id}`)).resolves.toEqual(gone);
    await expect(api.get(`/notification-channels/${id}`)).resolves.toEqual(UNKNOWN);
  });
});

describe('POST /notification-channels/test', () => {
  const api = useApi();
  let sink: HttpSink;
  beforeAll(async () => void (sink = await HttpSink.start()));
  afterAll(() => sink.stop());
  beforeEach(() => sink.reset());

  const test = (values: object) => api.post('/notification-channels/test', { type: 'webhook', ...values });
  const FAILED = 'Failed to send test notification: ';

  it('sends a test message and stores nothing', async () => {
    const answer = await test({ config: config({ webhook_url: `${sink.url}/hook` }) });

    expect(answer).toEqual(success(null, 'Test notification sent successfully'));
    expect(sink.requests).toHaveLength(1);
    expect(JSON.parse(sink.requests[0]!.body)).toMatchObject({
      msg: 'This is a test notification from Peekaping',
      monitor: { name: 'Test Monitor', type: 'http', id: '' },
      heartbeat: { status: 0 },
    });
    await expect(api.get('/notification-channels')).resolves.toEqual(success([]));
  });

  it('is 422 with the answer of a provider that refuses it', async () => {
    sink.answers.push({ status: 500, body: '{"error":"target says no"}' });

    await expect(test({ config: config({ webhook_url: sink.url }) })).resolves.toEqual(
      refused(422, `${FAILED}webhook returned status 500: {"error":"target says no"}`),
    );
  });

  it('is 422 when nobody listens, without the secret of the address', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/hooks/S3CRET`;

    const answer = await test({ config: config({ webhook_url: url }) });

    expect(answer.status).toBe(422);
    expect(answer.body.message).toMatch(/^Failed to send test notification: failed to send webhook request: /);
    expect(JSON.stringify(answer.body)).not.toContain('S3CRET');
  });

  it.each(['http://169.254.169.254/latest/meta-data/', 'http://[fe80::1]/'])('reaches no %s', async (url) => {
    const answer = await test({ config: config({ webhook_url: url }) });

    expect(answer.status).toBe(422);
    expect(answer.body.message).toMatch(/^Failed to send test notification: /);
  });

  it.each([
    [{ type: 'nope', config: '{}' }, 'Unsupported notification type'],
    [{ type: '' }, 'Unsupported notification type'],
    [{ config: '' }, 'Invalid config: failed to parse config: unexpected end of JSON input'],
    [{ config: '{}' }, 'Invalid config: webhook_url is required; webhook_content_type is required'],
  ])('refuses %j and sends nothing', async (body, message) => {
    await expect(test(body)).resolves.toEqual(refused(400, message));
    expect(sink.requests).toEqual([]);
  });
});
