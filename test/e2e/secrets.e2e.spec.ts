import { ADMIN, Api, useApi } from '../support/api';
import { httpConfig } from '../support/engine';
import { eventually } from '../support/eventually';
import { createKey } from '../support/keys';
import { LiveClient } from '../support/live-client';
import { monitorBody, pushBody } from '../support/monitors';
import { signInAs } from '../support/people';
import { useServerFolder } from '../support/server-process';

const HIDDEN = '[hidden]';
/** Every secret of the configurations below has this in it. */
const SECRET = 'hunter2';

const http = (url: string) =>
  httpConfig(url, {
    method: 'POST',
    headers: `{"Authorization":"Bearer ${SECRET}"}`,
    body: `{"password":"${SECRET}"}`,
    authMethod: 'basic',
    basic_auth_user: 'ops',
    basic_auth_pass: SECRET,
    oauth_client_secret: SECRET,
    tlsKey: SECRET,
  });
const CHANNELS: Record<string, object> = {
  webhook: {
    webhook_url: `https://hooks.example.org/${SECRET}`,
    webhook_content_type: 'json',
    webhook_additional_headers: `{"X-Key":"${SECRET}"}`,
  },
  smtp: {
    smtp_host: 'mail.example.org',
    smtp_port: 25,
    username: 'ops',
    password: SECRET,
    from: 'a@x.org',
    to: 'b@x.org',
  },
  slack: { slack_webhook_url: `https://hooks.slack.com/${SECRET}`, bot_token: SECRET }, // and a leftover
  telegram: { bot_token: SECRET, chat_id: '1', server_url: `https://ops:${SECRET}@api.example.org` },
  ntfy: { server_url: 'https://ntfy.sh', topic: 'x', authentication_type: 'token', token: SECRET, priority: 3 },
};

describe('credentials', () => {
  const admin = useApi();
  let editor: Api;
  /** A viewer, and a key that is one. */
  let viewers: Api[];
  const monitors: { id: string; config: string }[] = [];
  const channels: { id: string; config: string }[] = [];

  beforeAll(async () => {
    editor = await signInAs(admin.app, 'editor');
    viewers = [await signInAs(admin.app, 'viewer'), (await createKey(admin.app, editor, { role: 'viewer' })).api];
    const bodies = [
      monitorBody({ type: 'http', config: http(`https://ops:${SECRET}@shop.example.org/?api_key=${SECRET}`) }),
      pushBody(SECRET),
    ];
    for (const body of bodies) {
      const answer = await admin.post('/monitors', { ...body, active: false });
      expect(answer).toMatchObject({ status: 201 });
      monitors.push({ id: answer.body.data.id, config: answer.body.data.config });
    }
    for (const [type, config] of Object.entries(CHANNELS)) {
      const body = { name: type, type, config: JSON.stringify(config) };
      const answer = await admin.post('/notification-channels', body);
      expect(answer).toMatchObject({ status: 201 });
      channels.push({ id: answer.body.data.id, config: answer.body.data.config });
    }
  });

  const reads = () => [
    '/monitors?limit=100',
    `/monitors/batch?ids=${monitors.map(({ id }) => id).join()}`,
    ...monitors.map(({ id }) => `/monitors/${id}`),
    '/notification-channels?limit=100',
    ...channels.map(({ id }) => `/notification-channels/${id}`),
  ];

  it('are nowhere in what a viewer gets', async () => {
    for (const viewer of viewers) {
      for (const path of reads()) {
        const { status, body } = await viewer.get(path);
        expect({ path, status, isThere: JSON.stringify(body).includes(SECRET) }).toEqual({
          path,
          status: 200,
          isThere: false,
        });
      }
    }
  });

  it('leave the rest to see for a viewer', async () => {
    const [http, push] = monitors;
    const { data } = (await viewers[0]!.get(`/monitors/${http!.id}`)).body;
    expect(JSON.parse(data.config)).toMatchObject({
      url: `https://${HIDDEN}@shop.example.org/?api_key=${HIDDEN}`,
      method: 'POST',
      headers: HIDDEN,
      basic_auth_user: 'ops',
      basic_auth_pass: HIDDEN,
    });
    await expect(viewers[0]!.get(`/monitors/${push!.id}`)).resolves.toMatchObject({
      body: { data: { push_token: HIDDEN } },
    });
  });

  it('are as they were sent for an editor and an admin, who edit them in place', async () => {
    for (const who of [editor, admin]) {
      for (const { id, config } of monitors)
        await expect(who.get(`/monitors/${id}`)).resolves.toMatchObject({ body: { data: { config } } });
      for (const { id, config } of channels)
        await expect(who.get(`/notification-channels/${id}`)).resolves.toMatchObject({ body: { data: { config } } });
    }
  });

  it('are not in what sockets tell', async () => {
    const client = await LiveClient.open(admin.app, `/api/v1/ws?token=${admin.accessToken()}`);
    await client.ask({ event: 'join_room', data: 'monitor:all' });
    await editor.patch(`/monitors/${monitors[0]!.id}`, { name: 'renamed' });
    const event = await client.next();
    await client.close();

    expect(event.event).toBe('monitor.updated');
    expect(JSON.stringify(event)).not.toContain(SECRET);
  });
});

describe('what a server writes and answers', () => {
  const folder = useServerFolder();

  it('tells no password, token, key or credential, whatever goes wrong', async () => {
    const server = await folder.start({ LOG_LEVEL: 'debug' });
    const anyone = new Api(server);
    const signedIn = (await anyone.post('/auth/register', ADMIN)).body.data;
    const api = anyone.as(signedIn.accessToken);
    const answers: unknown[] = [];
    const note = async (answer: ReturnType<Api['get']>) => answers.push((await answer).body);
    const { token: key } = (await api.post('/api-keys', { name: 'ci' })).body.data;
    await new Api(server, { 'x-api-key': key }).get('/tags');
    await note(new Api(server, { 'x-api-key': `${key}${SECRET}` }).get('/tags'));
    await note(anyone.post('/auth/login', { email: ADMIN.email, password: `${SECRET}-wrong` }));
    await note(api.put('/auth/password', { currentPassword: SECRET, newPassword: 'OtherPassword99?' }));
    await note(anyone.post('/auth/refresh', { refreshToken: SECRET }));
    for (const [type, config] of Object.entries(CHANNELS)) {
      const text = JSON.stringify(config)
        .replaceAll(/https:\/\/[^/"]+/g, 'http://127.0.0.1:9')
        .replace('mail.example.org', '127.0.0.1');
      await note(api.post('/notification-channels/test', { name: type, type, config: text }));
    }
    const monitor = monitorBody({
      type: 'http',
      active: true,
      max_retries: 0,
      config: http(`http://ops:${SECRET}@127.0.0.1:9/?token=${SECRET}`),
    });
    const { id } = (await api.post('/monitors', monitor)).body.data;
    await eventually('it was checked', async () => (await api.get(`/monitors/${id}/heartbeats`)).body.data.length > 0);
    await note(api.get(`/monitors/${id}/heartbeats`));
    await note(api.post('/monitors', { ...monitor, config: `{"url":"${SECRET}` }));

    const { accessToken, refreshToken } = signedIn;
    const secrets = [SECRET, ADMIN.password, accessToken, refreshToken, key];
    const found = (text: string) => secrets.filter((secret) => text.includes(secret));
    expect(
      answers
        .map((answer) => [answer, found(JSON.stringify(answer))])
        .filter(([, where]) => (where as string[]).length),
    ).toEqual([]);
    expect(server.lines.length).toBeGreaterThan(10);
    expect(server.lines.filter((line) => found(line).length > 0)).toEqual([]);
  }, 60_000);
});
