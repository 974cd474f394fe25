import { HOUR, MINUTE, Store } from '@app/core';
import { ApiKey } from '@app/modules/api-keys';
import { User } from '@app/modules/users';
import { hash } from 'bcrypt';
import { io } from 'socket.io-client';
import { useApi } from '../support/api';
import type { Api } from '../support/api';
import { FakeClock } from '../support/clock';
import { createKey } from '../support/keys';
import { LiveClient } from '../support/live-client';
import { signInAs } from '../support/people';
import { AN_ID, NOBODY, NOT_ALLOWED, created, refused, success } from '../support/wire';

const NOW = '2026-11-24T12:00:00.000Z';
const CREATED = 'API key created successfully';
const GOT = 'API key retrieved successfully';
const UPDATED = 'API key updated successfully';
const UNKNOWN = refused(404, 'API key not found');
const NO_GOOD = refused(401, 'Invalid or expired API key');
const SESSION_ONLY = refused(401, 'Authorization header is required');
const A_KEY = expect.stringMatching(/^pk_[\w-]+=*$/);

const clock = new FakeClock();
const admin = useApi({ clock });
let editor: Api;
let viewer: Api;
let adminId = '';

beforeAll(async () => {
  editor = await signInAs(admin.app, 'editor');
  viewer = await signInAs(admin.app, 'viewer');
  adminId = (await admin.get('/auth/me')).body.data.id as string;
});

const users = () => admin.app.get(Store).collection(User);
const keys = () => admin.app.get(Store).collection(ApiKey);
const keyOf = (owner: Api, values = {}) => createKey(admin.app, owner, values);
const stored = (values: object = {}) => ({
  id: AN_ID,
  name: 'ci pipeline',
  display_key: expect.stringMatching(/^pk_[\w-]{4}\.\.\.[\w-]{4}$/),
  role: 'admin',
  user_id: adminId,
  last_used: null,
  expires_at: null,
  usage_count: 0,
  max_usage_count: null,
  created_at: NOW,
  updated_at: NOW,
  ...values,
});

describe('POST /api-keys', () => {
  it('makes a key, which it shows once', async () => {
    const body = { name: 'ci pipeline', expires_at: '2030-01-01T10:00:00.123456789+02:00', max_usage_count: 3 };
    const expected = stored({ expires_at: '2030-01-01T08:00:00.123Z', max_usage_count: 3 });

    const answer = await admin.post('/api-keys', body);

    expect(answer).toEqual(created(CREATED, { ...expected, token: A_KEY }));
    const { token, ...rest } = answer.body.data;
    expect(token).toHaveLength(135);
    await expect(admin.get(`/api-keys/${rest.id}`)).resolves.toEqual(success(rest, GOT));
    const row = await keys().findOne({ id: rest.id });
    expect(JSON.stringify(row)).not.toContain(JSON.parse(Buffer.from(token.slice(3), 'base64url').toString()).key);
  });

  it.each([
    ['nothing but a name', { name: 'x' }, {}],
    ['a name of blanks', { name: '  ' }, { name: '  ' }],
    ['a name that exists', { name: 'ci pipeline' }, { name: 'ci pipeline' }],
    ['nulls', { name: 'x', expires_at: null, max_usage_count: null, role: null }, {}],
    ['what it does not know', { name: 'x', usage_count: 9, id: 'x', last_used: NOW }, {}],
    ['a lower role', { name: 'x', role: 'viewer' }, { role: 'viewer' }],
    ['the largest maximum', { name: 'x', max_usage_count: 2 ** 31 - 1 }, { max_usage_count: 2 ** 31 - 1 }],
  ])('takes %s', async (_, body, expected) => {
    await expect(admin.post('/api-keys', body)).resolves.toEqual(
      created(CREATED, { ...stored({ name: 'x', ...expected }), token: A_KEY }),
    );
  });

  it.each([
    ['no name', {}, 'name is required'],
    ['an empty name', { name: '' }, 'name is required'],
    ['a long name', { name: 'n'.repeat(256) }, 'name must be at most 255 characters'],
    ['a time without a zone', { name: 'x', expires_at: '2030-01-01T00:00:00' }, /^expires_at must be a time/],
    ['a day that does not exist', { name: 'x', expires_at: '2030-02-30T00:00:00Z' }, /^expires_at must be a time/],
    ['a number as time', { name: 'x', expires_at: 1893456000 }, 'expires_at must be a string'],
    ['a time that is past', { name: 'x', expires_at: '2020-01-01T00:00:00Z' }, 'expiration date cannot be in the past'],
    ['a maximum of 0', { name: 'x', max_usage_count: 0 }, 'max_usage_count must be at least 1'],
    ['a maximum of 1.5', { name: 'x', max_usage_count: 1.5 }, 'max_usage_count must be a whole number'],
    ['too large a maximum', { name: 'x', max_usage_count: 2 ** 31 }, 'max_usage_count must be at most 2147483647'],
    ['an unknown role', { name: 'x', role: 'root' }, 'role must be one of viewer, editor, admin'],
  ])('refuses %s', async (_, body, message) => {
    const text = message instanceof RegExp ? expect.stringMatching(message) : message;
    await expect(admin.post('/api-keys', body)).resolves.toEqual(refused(400, text));
  });

  it('gives a key no more than its creator may, and that much by default', async () => {
    await expect(editor.post('/api-keys', { name: 'x', role: 'admin' })).resolves.toEqual(NOT_ALLOWED);
    await expect(viewer.post('/api-keys', { name: 'x', role: 'editor' })).resolves.toEqual(NOT_ALLOWED);
    await expect(viewer.post('/api-keys', { name: 'x' })).resolves.toMatchObject({
      body: { data: { role: 'viewer' } },
    });
  });
});

describe('whose a key is', () => {
  it("lists one's own, newest first, and everybody's for an admin", async () => {
    const names = async (who: Api) =>
      ((await who.get('/api-keys')).body.data as { name: string }[]).map(({ name }) => name);
    const somebody = await signInAs(admin.app, 'editor');
    clock.advance(1000);
    await somebody.post('/api-keys', { name: 'first' });
    clock.advance(1000);
    await somebody.post('/api-keys', { name: 'second' });

    await expect(names(somebody)).resolves.toEqual(['second', 'first']);
    expect((await names(admin)).slice(0, 3)).toEqual(['second', 'first', expect.any(String)]);
  });

  it('makes it an unknown one for everybody else but an admin', async () => {
    const { id, api } = await keyOf(editor);

    await expect(viewer.get(`/api-keys/${id}`)).resolves.toEqual(UNKNOWN);
    await expect(viewer.put(`/api-keys/${id}`, { name: 'mine' })).resolves.toEqual(UNKNOWN);
    await expect(viewer.delete(`/api-keys/${id}`)).resolves.toMatchObject({ status: 204 });
    await expect(api.get('/tags')).resolves.toMatchObject({ status: 200 });
    await expect(admin.put(`/api-keys/${id}`, { name: 'seen' })).resolves.toMatchObject({ status: 200 });
    await expect(admin.put(`/api-keys/${id}`, { role: 'admin' })).resolves.toEqual(NOT_ALLOWED);
    await expect(admin.delete(`/api-keys/${id}`)).resolves.toMatchObject({ status: 204 });
    await expect(api.get('/tags')).resolves.toEqual(NO_GOOD);
  });

  it('cannot be managed with a key', async () => {
    const { api } = await keyOf(admin);

    await expect(api.get('/api-keys')).resolves.toEqual(SESSION_ONLY);
    await expect(api.post('/api-keys', { name: 'more' })).resolves.toEqual(SESSION_ONLY);
    await expect(api.put('/auth/password', {})).resolves.toEqual(SESSION_ONLY);
    await expect(api.get('/api-keys/config')).resolves.toEqual(
      success({ prefix: 'pk_' }, 'API key configuration retrieved successfully'),
    );
  });
});

describe('PUT /api-keys/:id', () => {
  it('changes what is named, and clears what is null', async () => {
    const { id } = await keyOf(admin, { max_usage_count: 3, expires_at: '2030-01-01T00:00:00Z' });
    const before = (await admin.get(`/api-keys/${id}`)).body.data;
    clock.advance(1000);
    const updated_at = new Date(clock.now()).toISOString();

    await expect(admin.put(`/api-keys/${id}`, { name: 'renamed', role: 'viewer' })).resolves.toEqual(
      success({ ...before, name: 'renamed', role: 'viewer', updated_at }, UPDATED),
    );
    await expect(
      admin.put(`/api-keys/${id}`, { name: null, role: null, expires_at: null, max_usage_count: null }),
    ).resolves.toEqual(
      success(
        { ...before, name: 'renamed', role: 'viewer', expires_at: null, max_usage_count: null, updated_at },
        UPDATED,
      ),
    );
  });

  it.each([NOBODY, 'abc', '%00'])('does not find %s', async (id) => {
    await expect(admin.get(`/api-keys/${id}`)).resolves.toEqual(UNKNOWN);
    await expect(admin.put(`/api-keys/${id}`, { name: 'x' })).resolves.toEqual(UNKNOWN);
    await expect(admin.put(`/api-keys/${id}`, { name: '' })).resolves.toEqual(refused(400, 'name is required'));
    await expect(admin.delete(`/api-keys/${id}`)).resolves.toEqual({ status: 204, body: '' });
  });
});

describe('a key', () => {
  it('says who it is', async () => {
    const { id, api } = await keyOf(editor);
    const me = await api.get('/auth/me');

    expect(me).toMatchObject(success({ id, name: 'ci', role: 'editor', usage_count: 1 }));
    expect(Object.keys(me.body.data).sort()).toEqual(Object.keys(stored()).sort());
  });

  it('does what its role may, and no more than its owner may', async () => {
    const editing = await keyOf(editor);
    const reading = await keyOf(editor, { role: 'viewer' });
    const tag = { name: 'by key', color: '#fff' };

    await expect(reading.api.post('/tags', tag)).resolves.toEqual(NOT_ALLOWED);
    await expect(editing.api.post('/tags', tag)).resolves.toMatchObject({ status: 201 });

    const own = await keyOf(admin);
    const settled = await own.api.get('/auth/me');
    expect(settled.body.data.role).toBe('admin');
  });

  it('counts its uses, whatever comes of them', async () => {
    const { id, api } = await keyOf(admin);
    await api.get('/tags');
    await api.get(`/tags/${NOBODY}`);
    await api.send({ method: 'POST', path: '/api/v1/tags', text: '{' });

    await expect(admin.get(`/api-keys/${id}`)).resolves.toMatchObject({
      body: { data: { usage_count: 3, last_used: new Date(clock.now()).toISOString() } },
    });
  });

  it('is good for exactly as many requests as its maximum says, also when they come at once', async () => {
    const { id, api } = await keyOf(admin, { max_usage_count: 7 });
    const answers = await Promise.all(Array.from({ length: 40 }, () => api.get('/tags')));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
    for (const answer of answers.filter(({ status }) => status !== 200)) expect(answer).toEqual(NO_GOOD);
    await expect(admin.get(`/api-keys/${id}`)).resolves.toMatchObject({ body: { data: { usage_count: 7 } } });

    await admin.put(`/api-keys/${id}`, { max_usage_count: 8 });
    await expect(api.get('/tags')).resolves.toMatchObject({ status: 200 });
    await expect(api.get('/tags')).resolves.toEqual(NO_GOOD);
    await admin.put(`/api-keys/${id}`, { max_usage_count: 1 });
    await expect(api.get('/tags')).resolves.toEqual(NO_GOOD);
    await admin.put(`/api-keys/${id}`, { max_usage_count: null });
    await expect(api.get('/tags')).resolves.toMatchObject({ status: 200 });
  });

  it('gets a maximum while it is used', async () => {
    const { id, api } = await keyOf(admin);
    for (let i = 0; i < 3; i++) await api.get('/tags');
    await admin.put(`/api-keys/${id}`, { max_usage_count: 4 });

    await expect(api.get('/tags')).resolves.toMatchObject({ status: 200 });
    await expect(api.get('/tags')).resolves.toEqual(NO_GOOD);
  });

  it('ends with its expiry, which can be moved', async () => {
    const { id, api } = await keyOf(admin, { expires_at: new Date(clock.now() + 10_000).toISOString() });
    await expect(api.get('/tags')).resolves.toMatchObject({ status: 200 });
    clock.advance(10_001);

    await expect(api.get('/tags')).resolves.toEqual(NO_GOOD);
    await admin.put(`/api-keys/${id}`, { expires_at: new Date(clock.now() + HOUR).toISOString() });
    await expect(api.get('/tags')).resolves.toMatchObject({ status: 200 });
  });

  it('ends when it is deleted, and its owner with it', async () => {
    const one = await keyOf(admin);
    await one.api.get('/tags');
    await admin.delete(`/api-keys/${one.id}`);
    await expect(one.api.get('/tags')).resolves.toEqual(NO_GOOD);

    const leaver = await users().insert({
      email: 'gone@acme.test',
      emailKey: 'gone@acme.test',
      password: '!',
      active: true,
      role: 'viewer',
      seat: null,
      totpSecret: null,
      totpEnabled: false,
      totpLastStep: null,
    });
    const other = await keyOf(admin);
    await keys().update({ id: other.id }, { userId: leaver.id });
    await users().delete({ id: leaver.id });
    await expect(other.api.get('/tags')).resolves.toEqual(NO_GOOD);
  });

  it('of the system that we replace works, and its slow hash is compared once', async () => {
    const { id, api, token } = await keyOf(admin);
    const { key } = JSON.parse(Buffer.from(token.slice(3), 'base64url').toString()) as { key: string };
    await keys().update({ id }, { hash: (await hash(key, 10)).replace('$2b$', '$2a$') });

    await expect(api.get('/tags')).resolves.toMatchObject({ status: 200 });
    await expect(keys().findOne({ id })).resolves.toMatchObject({ hash: expect.stringMatching(/^sha256:/) });
    clock.advance(2 * MINUTE);
    await expect(api.get('/tags')).resolves.toMatchObject({ status: 200 });

    await keys().update({ id }, { hash: await hash('another', 4) });
    clock.advance(2 * MINUTE);
    await expect(api.get('/tags')).resolves.toEqual(NO_GOOD);
  });

  it.each([
    ['without its prefix', 'abc', 'API key required'],
    ['with its prefix in capitals', 'PK_abc', 'API key required'],
    ['that is only its prefix', 'pk_', 'Invalid or expired API key'],
    ['that is nonsense', 'pk_!!!!!!!!!!!!!!', 'Invalid or expired API key'],
  ])('%s is refused, however good the token beside it', async (_, key, message) => {
    await expect(admin.with({ 'x-api-key': key }).get('/tags')).resolves.toEqual(refused(401, message));
  });

  it('with another secret is refused', async () => {
    const { id } = await keyOf(admin);
    const forged = `pk_${Buffer.from(JSON.stringify({ id, key: `${'x'.repeat(43)}=` })).toString('base64url')}=`;

    expect(forged.length % 4).toBe(3); // as padded as it has to be
    await expect(admin.with({ 'x-api-key': forged }).get('/tags')).resolves.toEqual(NO_GOOD);
  });
});

describe('on the sockets, a key', () => {
  beforeAll(() => admin.renew());

  it('opens the live channel, as one use, until it is deleted', async () => {
    const { id, token } = await keyOf(admin, { max_usage_count: 1 });
    const client = await LiveClient.open(admin.app, '/api/v1/ws', { headers: { 'x-api-key': token } });
    await expect(client.ask({ event: 'join_room', data: 'monitor:all' })).resolves.toMatchObject({ event: 'ack' });

    const second = await LiveClient.open(admin.app, '/api/v1/ws', { headers: { 'x-api-key': token } });
    await expect(second.closed).resolves.toEqual({ code: 4401, reason: 'Unauthorized' });

    await admin.delete(`/api-keys/${id}`);
    await expect(client.closed).resolves.toEqual({ code: 4401, reason: 'Unauthorized' });
  });

  it('counts before a token', async () => {
    const path = `/api/v1/ws?token=${admin.accessToken()}`;
    const client = await LiveClient.open(admin.app, path, { headers: { 'x-api-key': 'pk_nonsense_' } });

    await expect(client.closed).resolves.toEqual({ code: 4401, reason: 'Unauthorized' });
  });

  it.each(['websocket', 'polling'])('opens Socket.IO by %s, until it is deleted', async (transport) => {
    const { id, token } = await keyOf(admin);
    const socket = io(admin.app.url, {
      transports: [transport],
      extraHeaders: { 'X-API-Key': token },
      reconnection: false,
      forceNew: true,
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    const gone = new Promise((resolve) => socket.once('disconnect', resolve));

    await admin.delete(`/api-keys/${id}`);
    await gone;
    socket.close();
  });

  it('that is no good does not open Socket.IO', async () => {
    const socket = io(admin.app.url, {
      extraHeaders: { 'X-API-Key': 'pk_nonsense_' },
      reconnection: false,
      forceNew: true,
    });
    const error = await new Promise<Error>((resolve) => socket.once('connect_error', resolve));
    socket.close();

    expect(error.message).toBe('Unauthorized');
  });
});
