import { Store } from '@app/core';
import { User } from '@app/modules/users';
import { useApi } from '../support/api';
import type { Api } from '../support/api';
import { FakeClock } from '../support/clock';
import { createKey } from '../support/keys';
import { LiveClient } from '../support/live-client';
import { signInAs } from '../support/people';
import { AN_ID, NOBODY, NOT_ALLOWED, created, refused, success } from '../support/wire';

const NOW = '2026-11-24T12:00:00.000Z';
const PASSWORD = 'OtherPassword99?';
const UNKNOWN = refused(404, 'User not found');
const LAST_ADMIN = refused(409, 'The last active admin must stay');
const UPDATED = 'User updated successfully';
const DELETED = 'User deleted successfully';
const NO_TOKEN = refused(401, 'Invalid or expired token');
const RULE =
  'Password must be at least 8 characters long and contain uppercase, lowercase, number, and special character';

const admin = useApi({ clock: new FakeClock(), env: { THROTTLE_AUTH_LIMIT: '0' } });
const anyone = () => admin.as(undefined);
let number = 0;

const stored = (values: object = {}) => ({
  id: AN_ID,
  email: 'sam@acme.test',
  active: true,
  twofa_status: false,
  role: 'viewer',
  createdAt: NOW,
  updatedAt: NOW,
  ...values,
});

/** Somebody new, who is signed in. */
async function join(values: object = {}): Promise<{ id: string; email: string; api: Api; token: string }> {
  const email = `user${number++}@acme.test`;
  const { id } = (await admin.post('/users', { email, password: PASSWORD, ...values })).body.data;
  const login = await anyone().post('/auth/login', { email, password: PASSWORD });
  const token = login.body.data?.accessToken as string;
  return { id, email, token, api: admin.as(token) };
}

describe('POST /users', () => {
  it('creates somebody who can sign in, a viewer by default', async () => {
    const answer = await admin.post('/users', { email: 'Sam@Acme.test', password: PASSWORD });

    expect(answer).toEqual(created('User created successfully', stored({ email: 'Sam@Acme.test' })));
    await expect(admin.get(`/users/${answer.body.data.id}`)).resolves.toEqual(success(answer.body.data));
    await expect(anyone().post('/auth/login', { email: 'sam@acme.test', password: PASSWORD })).resolves.toMatchObject({
      status: 200,
      body: { data: { user: { role: 'viewer' } } },
    });
  });

  it.each([
    ['nothing', {}, 'email is required; password is required'],
    ['no address', { email: 'sam', password: PASSWORD }, 'Please provide a valid email address'],
    ['a weak password', { email: 'x@acme.test', password: 'weak' }, RULE],
    [
      'an unknown role',
      { email: 'x@acme.test', password: PASSWORD, role: 'root' },
      'role must be one of viewer, editor, admin',
    ],
    ['a text as activity', { email: 'x@acme.test', password: PASSWORD, active: 'yes' }, 'active must be true or false'],
  ])('refuses %s', async (_, body, message) => {
    await expect(admin.post('/users', body)).resolves.toEqual(refused(400, message));
  });

  it('refuses an e-mail that exists in another letter case', async () => {
    const body = { email: 'taken@acme.test', password: PASSWORD };
    await admin.post('/users', body);

    await expect(admin.post('/users', { ...body, email: 'TAKEN@acme.test' })).resolves.toEqual(
      refused(409, 'User with this email already exists'),
    );
  });
});

describe('users', () => {
  it('are listed by e-mail, in pages', async () => {
    const emails = async (query: string) =>
      ((await admin.get(`/users${query}`)).body.data as { email: string }[]).map(({ email }) => email);
    for (const name of ['zoe', 'Zack', 'zed'])
      await admin.post('/users', { email: `${name}@acme.test`, password: PASSWORD });
    const all = await emails('?limit=1000');

    expect(all).toEqual([...all].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
    await expect(emails('?limit=2&page=1')).resolves.toEqual(all.slice(2, 4));
    await expect(admin.get('/users?page=x')).resolves.toEqual(refused(400, 'Invalid page parameter'));
  });

  it.each([NOBODY, 'abc'])('are not found as %s', async (id) => {
    await expect(admin.get(`/users/${id}`)).resolves.toEqual(UNKNOWN);
    await expect(admin.patch(`/users/${id}`, { active: false })).resolves.toEqual(UNKNOWN);
    await expect(admin.delete(`/users/${id}`)).resolves.toEqual(success(null, DELETED));
  });

  it('are the matter of admins who are signed in, and of no key', async () => {
    const editor = await signInAs(admin.app, 'editor');
    const { api } = await createKey(admin.app, admin);

    await expect(editor.get('/users')).resolves.toEqual(NOT_ALLOWED);
    await expect(editor.post('/users', {})).resolves.toEqual(NOT_ALLOWED);
    await expect(api.get('/users')).resolves.toEqual(refused(401, 'Authorization header is required'));
  });
});

describe('PATCH /users/:id', () => {
  it('changes what is named', async () => {
    const { id, email } = await join();

    await expect(admin.patch(`/users/${id}`, {})).resolves.toEqual(success(stored({ email }), UPDATED));
    await expect(admin.patch(`/users/${id}`, { role: null, active: null, password: null })).resolves.toMatchObject({
      body: { data: { role: 'viewer', active: true } },
    });
    await expect(admin.patch(`/users/${id}`, { role: 'editor' })).resolves.toEqual(
      success(stored({ email, role: 'editor' }), UPDATED),
    );
    await expect(admin.patch(`/users/${id}`, { role: 'root' })).resolves.toMatchObject({ status: 400 });
    await expect(admin.patch(`/users/${id}`, { password: 'weak' })).resolves.toEqual(refused(400, RULE));
  });

  it('counts from the next request, for keys as well', async () => {
    const { id, api } = await join({ role: 'editor' });
    const key = await createKey(admin.app, api);
    const tag = () => ({ name: `tag ${number++}`, color: '#fff' });
    await expect(api.post('/tags', tag())).resolves.toMatchObject({ status: 201 });
    await expect(key.api.post('/tags', tag())).resolves.toMatchObject({ status: 201 });

    await admin.patch(`/users/${id}`, { role: 'viewer' });
    await expect(api.post('/tags', tag())).resolves.toEqual(NOT_ALLOWED);
    await expect(key.api.post('/tags', tag())).resolves.toEqual(NOT_ALLOWED);

    await admin.patch(`/users/${id}`, { role: 'editor' });
    await expect(api.post('/tags', tag())).resolves.toMatchObject({ status: 201 });
  });

  it.each([
    ['deactivated', (id: string) => admin.patch(`/users/${id}`, { active: false })],
    ['given a new password', (id: string) => admin.patch(`/users/${id}`, { password: 'ThirdPassword77!' })],
    ['deleted', (id: string) => admin.delete(`/users/${id}`)],
  ])('ends the sessions and sockets of somebody who is %s', async (_, change) => {
    const { id, api, token } = await join();
    const socket = await LiveClient.open(admin.app, `/api/v1/ws?token=${token}`);
    await expect(socket.ask({ event: 'ping' })).resolves.toEqual({ event: 'ack', data: {} });

    await expect(change(id)).resolves.toMatchObject({ status: 200 });

    await expect(socket.closed).resolves.toEqual({ code: 4401, reason: 'Unauthorized' });
    await expect(api.get('/tags')).resolves.toEqual(NO_TOKEN);
  });

  it('keeps somebody out who is not active, with keys and the right password, and lets them in again', async () => {
    const { id, email, api } = await join();
    const key = await createKey(admin.app, api);
    const socket = await LiveClient.open(admin.app, '/api/v1/ws', { headers: { 'x-api-key': key.token } });
    const login = () => anyone().post('/auth/login', { email, password: PASSWORD });
    await admin.patch(`/users/${id}`, { active: false });

    await expect(socket.closed).resolves.toEqual({ code: 4401, reason: 'Unauthorized' });
    await expect(key.api.get('/tags')).resolves.toEqual(refused(401, 'Invalid or expired API key'));
    await expect(login()).resolves.toEqual(refused(401, 'invalid credentials'));

    await admin.patch(`/users/${id}`, { active: true });
    await expect(key.api.get('/tags')).resolves.toMatchObject({ status: 200 });
    await expect(login()).resolves.toMatchObject({ status: 200 });
  });

  it('lets an admin set the own password without being signed out', async () => {
    const other = await join({ role: 'admin' });
    const elsewhere = await anyone().post('/auth/login', { email: other.email, password: PASSWORD });
    await expect(other.api.patch(`/users/${other.id}`, { password: 'ThirdPassword77!' })).resolves.toMatchObject({
      status: 200,
    });

    await expect(other.api.get('/tags')).resolves.toMatchObject({ status: 200 });
    await expect(admin.as(elsewhere.body.data.accessToken).get('/tags')).resolves.toEqual(NO_TOKEN);
    await admin.delete(`/users/${other.id}`);
  });
});

describe('the last active admin', () => {
  it('can be neither demoted, deactivated nor deleted', async () => {
    const { id } = (await admin.get('/auth/me')).body.data;
    await join({ role: 'admin', active: false });

    await expect(admin.patch(`/users/${id}`, { role: 'editor' })).resolves.toEqual(LAST_ADMIN);
    await expect(admin.patch(`/users/${id}`, { active: false, password: PASSWORD })).resolves.toEqual(LAST_ADMIN);
    await expect(admin.delete(`/users/${id}`)).resolves.toEqual(LAST_ADMIN);
    await expect(admin.patch(`/users/${id}`, { role: 'admin', active: true })).resolves.toMatchObject({ status: 200 });
    await expect(admin.get('/auth/me')).resolves.toMatchObject({ body: { data: { role: 'admin', active: true } } });
  });

  it('is one of many who are taken away at once', async () => {
    const { id } = (await admin.get('/auth/me')).body.data;
    const others = await Promise.all(Array.from({ length: 5 }, () => join({ role: 'admin' })));
    const [first, ...rest] = others;
    // Two take everybody away, themselves included.
    const answers = await Promise.all([
      ...[id, ...others.map((other) => other.id)].map((who) => admin.patch(`/users/${who}`, { active: false })),
      ...rest.map((other) => first!.api.delete(`/users/${other.id}`)),
    ]);

    const left = await admin.app
      .get(Store)
      .collection(User)
      .find({ where: { role: 'admin', active: true } });
    expect(left).toHaveLength(1);
    expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
  });
});
