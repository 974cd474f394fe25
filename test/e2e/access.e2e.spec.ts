import { useApi } from '../support/api';
import type { Api } from '../support/api';
import { maintenanceBody } from '../support/maintenances';
import { monitorBody, pushBody, webhookBody } from '../support/monitors';
import { signInAs } from '../support/people';
import { NOT_ALLOWED, NO_CREDENTIALS } from '../support/wire';

/** Routes by the least role that may, with a body that succeeds; `:tag` and the like stand for ids. */
const READS = [
  '/tags',
  '/tags/:tag',
  '/monitors',
  '/monitors/batch?ids=:monitor',
  '/monitors/:monitor',
  '/monitors/:monitor/heartbeats',
  '/monitors/:monitor/stats/uptime',
  '/monitors/:monitor/stats/points?since=2026-11-24T10:00:00Z&until=2026-11-24T10:01:00Z',
  '/monitors/:monitor/tls',
  '/notification-channels',
  '/notification-channels/:channel',
  '/settings/key/ACCESS_TOKEN_EXPIRED_IN',
  '/maintenances',
  '/maintenances/:maintenance',
];

const WRITES: [method: string, path: string, body: object | undefined][] = [
  ['POST', '/tags', { name: 'new', color: '#fff' }],
  ['PUT', '/tags/:tag', { name: 'changed', color: '#fff' }],
  ['PATCH', '/tags/:tag', { color: '#000' }],
  ['POST', '/monitors', monitorBody()],
  ['PUT', '/monitors/:monitor', monitorBody()],
  ['PATCH', '/monitors/:monitor', { name: 'changed' }],
  ['POST', '/monitors/:monitor/reset', undefined],
  ['POST', '/notification-channels', webhookBody('http://127.0.0.1:9/')],
  ['PUT', '/notification-channels/:channel', webhookBody('http://127.0.0.1:9/')],
  ['PATCH', '/notification-channels/:channel', { name: 'changed' }],
  ['POST', '/notification-channels/test', webhookBody('http://127.0.0.1:9/')],
  ['POST', '/maintenances', maintenanceBody()],
  ['PUT', '/maintenances/:maintenance', maintenanceBody()],
  ['PATCH', '/maintenances/:maintenance', { title: 'changed' }],
  ['PATCH', '/maintenances/:maintenance/pause', undefined],
  ['PATCH', '/maintenances/:maintenance/resume', undefined],
  ['DELETE', '/maintenances/:maintenance', undefined],
  ['DELETE', '/monitors/:monitor', undefined],
  ['DELETE', '/notification-channels/:channel', undefined],
  ['DELETE', '/tags/:tag', undefined],
];

describe('who may', () => {
  const admin = useApi();
  let ids: Record<string, string> = {};
  let viewer: Api;
  let editor: Api;

  beforeAll(async () => {
    viewer = await signInAs(admin.app, 'viewer');
    editor = await signInAs(admin.app, 'editor');
    const idOf = async (path: string, body: object) => (await admin.post(path, body)).body.data.id as string;
    ids = {
      tag: await idOf('/tags', { name: 'a', color: '#fff' }),
      monitor: await idOf('/monitors', monitorBody()),
      maintenance: await idOf('/maintenances', maintenanceBody()),
      channel: await idOf('/notification-channels', webhookBody('http://127.0.0.1:9/')),
    };
  });

  const call = (api: Api, method: string, path: string, body?: object) =>
    api.send({
      method,
      path: `/api/v1${path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? `:${name}`)}`,
      text: body && JSON.stringify(body),
    });

  it.each(READS)('reads %s: a viewer, but nobody without credentials', async (path) => {
    await expect(call(admin.as(undefined), 'GET', path)).resolves.toEqual(NO_CREDENTIALS);
    await expect(call(viewer, 'GET', path)).resolves.toMatchObject({ status: 200 });
  });

  it.each(WRITES)('writes %s %s: an editor, not a viewer, nobody without credentials', async (method, path, body) => {
    await expect(call(admin.as(undefined), method, path, body)).resolves.toEqual(NO_CREDENTIALS);
    await expect(call(viewer, method, path, body)).resolves.toEqual(NOT_ALLOWED);

    const { status } = await call(editor, method, path, body);
    expect([200, 201, 422]).toContain(status); // 422: nobody listens where the test message goes
  });

  it.each(['PUT', 'DELETE'])('%s of a setting: an admin, not an editor', async (method) => {
    const path = '/settings/key/KEEP_DATA_PERIOD_DAYS';
    const body = { value: '90', type: 'int' };
    await expect(call(admin.as(undefined), method, path, body)).resolves.toEqual(NO_CREDENTIALS);
    await expect(call(viewer, method, path, body)).resolves.toEqual(NOT_ALLOWED);
    await expect(call(editor, method, path, body)).resolves.toEqual(NOT_ALLOWED);

    await expect(call(admin, method, path, body)).resolves.toMatchObject({ status: 200 });
  });

  it('asks who sends it before it looks at body, id or query', async () => {
    const anyone = admin.as(undefined);

    await expect(anyone.send({ method: 'POST', path: '/api/v1/tags', text: '{' })).resolves.toEqual(NO_CREDENTIALS);
    await expect(anyone.get('/tags/nope')).resolves.toEqual(NO_CREDENTIALS);
    await expect(anyone.get('/tags?page=x')).resolves.toEqual(NO_CREDENTIALS);
    await expect(viewer.send({ method: 'POST', path: '/api/v1/tags', text: '{' })).resolves.toEqual(NOT_ALLOWED);
    await expect(viewer.put('/tags/nope', {})).resolves.toEqual(NOT_ALLOWED);
  });

  it('lets anybody push, who knows the token', async () => {
    await admin.post('/monitors', pushBody('secret'));

    await expect(admin.as(undefined).get('/push/secret')).resolves.toMatchObject({ status: 200 });
  });
});
