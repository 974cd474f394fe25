import { DAY, Store } from '@app/core';
import { AuditEntry } from '@app/modules/audit';
import { CleanupService } from '@app/pipeline/cleanup/cleanup.service';
import { ADMIN, useApi } from '../support/api';
import { FakeClock } from '../support/clock';
import { createKey } from '../support/keys';
import { webhookBody } from '../support/monitors';
import { signInAs } from '../support/people';
import { AN_ID, NOT_ALLOWED, refused, success } from '../support/wire';

const NOW = '2026-11-24T12:00:00.000Z';

describe('the audit', () => {
  const clock = new FakeClock();
  const api = useApi({ clock, env: { AUDIT_RETENTION_DAYS: '30' } });
  let me = '';

  beforeAll(async () => {
    me = (await api.get('/auth/me')).body.data.id;
  });

  const entries = async (query = '') =>
    (await api.get(`/audit?limit=1000${query}`)).body.data as Record<string, unknown>[];
  const newest = async () => (await entries())[0];
  const entry = (values: object) => ({
    id: AN_ID,
    time: NOW,
    principal_kind: 'user',
    principal_id: me,
    principal_name: ADMIN.email,
    address: '127.0.0.1',
    user_agent: 'tester/1.0',
    ...values,
  });
  const tester = () => api.with({ 'user-agent': 'tester/1.0' });

  it('knows who created, changed and deleted what, with which fields, and from where', async () => {
    const { id } = (await tester().post('/tags', { name: 'audited', color: '#fff' })).body.data;
    await tester().patch(`/tags/${id}`, { color: '#000' });
    await tester().delete(`/tags/${id}`);

    const tags = { resource: 'tags', resource_id: id };
    await expect(api.get(`/audit?resource=tags&resource_id=${id}`)).resolves.toEqual(
      success([
        entry({ ...tags, action: 'delete', fields: [], method: 'DELETE', route: '/api/v1/tags/:id' }),
        entry({ ...tags, action: 'update', fields: ['color'], method: 'PATCH', route: '/api/v1/tags/:id' }),
        entry({ ...tags, action: 'create', fields: ['name', 'color'], method: 'POST', route: '/api/v1/tags' }),
      ]),
    );
  });

  it('knows keys by their names', async () => {
    const key = await createKey(api.app, api, { name: 'deployment' });
    await key.api.post('/tags', { name: 'by key', color: '#fff' });

    await expect(newest()).resolves.toMatchObject({
      principal_kind: 'api-key',
      principal_id: key.id,
      principal_name: 'deployment',
      action: 'create',
      resource: 'tags',
    });
  });

  it('knows who signed in, changed the own password, and signed out', async () => {
    const email = 'somebody@acme.test';
    const { id } = (await api.post('/users', { email, password: ADMIN.password })).body.data;
    const somebody = api.as((await api.as(undefined).post('/auth/login', { ...ADMIN, email })).body.data.accessToken);
    await somebody.put('/auth/password', { currentPassword: ADMIN.password, newPassword: 'OtherPassword99?' });
    await somebody.post('/auth/logout');

    expect(await entries(`&principal_id=${id}`)).toMatchObject([
      { action: 'logout', resource: 'auth', fields: [] },
      { action: 'password', resource: 'auth', fields: ['currentPassword', 'newPassword'] },
      { action: 'login', resource: 'auth', principal_name: email, fields: ['email', 'password'] },
    ]);
    const rows = await api.app.get(Store).collection(AuditEntry).find();
    expect(JSON.stringify(rows)).not.toContain('OtherPassword99?');
  });

  it('holds no secret of what was sent', async () => {
    const config = '{"webhook_url":"https://user:hunter2@hooks.example.org/","webhook_content_type":"json"}';
    await api.post('/notification-channels', { ...webhookBody('http://127.0.0.1:9/'), config });

    const rows = await api.app.get(Store).collection(AuditEntry).find();
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/hunter2|hooks\.example|TestPassword/);
  });

  it('leaves out what was refused, reads, and what strangers send', async () => {
    const before = await entries();
    const viewer = await signInAs(api.app, 'viewer');
    await viewer.post('/tags', { name: 'x', color: '#fff' });
    await api.post('/tags', { name: '' });
    await api.put(`/tags/${me}`, { name: 'x', color: '#fff' });
    await api.get('/tags');
    await api.as(undefined).post('/auth/login', { ...ADMIN, password: 'wrong' });
    await api.as(undefined).get('/push/unknown');

    await expect(entries()).resolves.toEqual(before);
  });

  it('answers filters and pages, to admins only', async () => {
    for (let i = 0; i < 5; i++) await api.post('/tags', { name: `page ${i}`, color: '#fff' });
    clock.advance(1000);
    const since = new Date(clock.now()).toISOString();
    const { id } = (await api.post('/tags', { name: 'later', color: '#fff' })).body.data;
    const all = await entries();

    await expect(entries(`&since=${since}`)).resolves.toMatchObject([{ resource_id: id }]);
    await expect(entries(`&until=2026-11-24T11:00:00Z`)).resolves.toEqual([]);
    await expect(entries('&action=delete')).resolves.toEqual(all.filter(({ action }) => action === 'delete'));
    const pages: unknown[] = [];
    for (let before = ''; ;) {
      const { data } = (await api.get(`/audit?limit=3&before=${before}`)).body as { data: { id: string }[] };
      if (data.length === 0) break;
      pages.push(...data);
      before = data.at(-1)!.id;
    }
    expect(pages).toEqual(all);

    await expect(api.get('/audit?since=yesterday')).resolves.toEqual(
      refused(400, "Invalid 'since' parameter (must be RFC3339)"),
    );
    await expect(api.get('/audit?limit=0')).resolves.toEqual(refused(400, 'Invalid limit parameter'));
    await expect((await signInAs(api.app, 'editor')).get('/audit')).resolves.toEqual(NOT_ALLOWED);
    await expect((await createKey(api.app, api)).api.get('/audit?limit=1')).resolves.toMatchObject({ status: 200 });
  });

  it('forgets after its time', async () => {
    clock.advance(15 * DAY);
    await api.renew();
    const { id } = (await api.post('/tags', { name: 'kept', color: '#fff' })).body.data;
    clock.advance(15 * DAY + 1);
    await api.renew();
    await api.app.get(CleanupService).run();

    await expect(entries()).resolves.toMatchObject([{ resource_id: id }]);
  });
});

describe('an audit with no time to keep', () => {
  const api = useApi({ env: { AUDIT_RETENTION_DAYS: '0' } });

  it('is not written', async () => {
    await api.post('/tags', { name: 'x', color: '#fff' });

    await expect(api.get('/audit')).resolves.toEqual(success([]));
  });
});
