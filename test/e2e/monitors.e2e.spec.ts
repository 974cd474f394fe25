import { Store } from '@app/core';
import { Monitor } from '@app/modules/monitors';
import { useApi } from '../support/api';
import { FakeClock } from '../support/clock';
import { monitorBody, pushBody } from '../support/monitors';
import { AN_ID, NOBODY, created, refused, success } from '../support/wire';

const NOW = '2026-11-24T12:00:00.000Z';
const LATER = '2026-11-24T12:00:05.000Z';
const UNKNOWN = refused(404, 'Monitor not found');
const CREATED = 'Monitor created successfully';
const UPDATED = 'Monitor updated successfully';

const stored = (values: object = {}) => ({
  ...monitorBody(),
  id: AN_ID,
  status: 1,
  created_at: NOW,
  updated_at: NOW,
  ...values,
});

describe('POST /monitors', () => {
  const api = useApi({ clock: new FakeClock() });

  it('stores what was sent and returns the stored row, false and 0 and "" included', async () => {
    const answer = await api.post('/monitors', monitorBody({ max_retries: 0, foo: 1, status: 0, id: NOBODY }));

    expect(answer).toEqual(created(CREATED, stored({ max_retries: 0 })));
    await expect(api.get(`/monitors/${answer.body.data.id}`)).resolves.toEqual(success(answer.body.data));
  });

  it('has a default for all but type, name and config', async () => {
    const config = '{"pushToken":"t"}';

    await expect(api.post('/monitors', { type: 'push', name: 'min', config })).resolves.toEqual(
      created(CREATED, {
        ...stored({ type: 'push', name: 'min', config, active: true, max_retries: 0, timeout: 30, retry_interval: 60 }),
      }),
    );
  });

  it('takes null as absent', async () => {
    const body = { type: 'push', name: 'nulls', config: '{"pushToken":"t"}' };
    const nulls = Object.fromEntries(Object.keys(monitorBody()).map((key) => [key, null]));

    await expect(api.post('/monitors', { ...nulls, ...body })).resolves.toMatchObject({
      status: 201,
      body: { data: { active: true, interval: 60, retry_interval: 60, push_token: '', notification_ids: [] } },
    });
  });

  it('lowers the default of timeout to what the interval allows', async () => {
    const body = { type: 'push', name: 'short', config: '{"pushToken":"t"}', interval: 20 };

    await expect(api.post('/monitors', body)).resolves.toMatchObject({
      status: 201,
      body: { data: { interval: 20, timeout: 24, retry_interval: 20 } },
    });
  });

  it.each([
    [20, 24],
    [60, 74],
    [20, 16],
    [2 ** 31 - 1, 16],
  ])('takes an interval of %d s with a timeout of %d s', async (interval, timeout) => {
    await expect(api.post('/monitors', monitorBody({ interval, timeout }))).resolves.toMatchObject({ status: 201 });
  });

  it.each([
    ['nothing', {}, 'type is required; name is required; config is required'],
    ['a short name', monitorBody({ name: 'ab' }), 'name must be at least 3 characters'],
    ['a long name', monitorBody({ name: 'n'.repeat(151) }), 'name must be at most 150 characters'],
    ['a long type', monitorBody({ type: 't'.repeat(21) }), 'type must be at most 20 characters'],
    ['a long token', monitorBody({ push_token: 't'.repeat(256) }), 'push_token must be at most 255 characters'],
    ['an interval of 19', monitorBody({ interval: 19, timeout: 16 }), 'interval must be at least 20'],
    ['a timeout of 15', monitorBody({ timeout: 15 }), 'timeout must be at least 16'],
    ['a retry_interval of 19', monitorBody({ retry_interval: 19 }), 'retry_interval must be at least 20'],
    ['negative max_retries', monitorBody({ max_retries: -1 }), 'max_retries must be at least 0'],
    ['a negative resend_interval', monitorBody({ resend_interval: -1 }), 'resend_interval must be at least 0'],
    ['text for a number', monitorBody({ interval: '60' }), 'interval must be a whole number'],
    ['a fraction', monitorBody({ interval: 60.5 }), 'interval must be a whole number'],
    ['a number beyond every column', monitorBody({ interval: 2 ** 31 }), 'interval must be at most 2147483647'],
    ['a number for a flag', monitorBody({ active: 1 }), 'active must be true or false'],
    ['text for a list', monitorBody({ notification_ids: 'x' }), 'notification_ids must be a list of ids'],
    ['a number as id', monitorBody({ tag_ids: [1] }), 'tag_ids must be a list of ids'],
    ['an object as config', monitorBody({ config: {} }), 'config must be a string'],
    [
      'a timeout of 1.25 intervals',
      monitorBody({ interval: 20, timeout: 25 }),
      'timeout must be less than 1.25 times the interval (20)',
    ],
    [
      'an unknown type',
      monitorBody({ type: 'gopher' }),
      'Invalid monitor configuration: executor not found for monitor type: gopher',
    ],
    [
      'an unknown key in config',
      monitorBody({ config: '{"host":"h","port":1,"check_cert_expiry":true}' }),
      'Invalid monitor configuration: unknown key "check_cert_expiry"',
    ],
    [
      'a config without its fields',
      monitorBody({ config: '{}' }),
      'Invalid monitor configuration: host is required; port is required',
    ],
    ['an unknown proxy', monitorBody({ proxy_id: NOBODY }), 'proxy_id is not the id of a proxy'],
    [
      'an unknown channel',
      monitorBody({ notification_ids: [NOBODY] }),
      'notification_ids holds an id that does not exist',
    ],
    ['an unknown tag', monitorBody({ tag_ids: ['abc'] }), 'tag_ids holds an id that does not exist'],
    [
      'several faults at once',
      monitorBody({ name: '', interval: 1, timeout: 1, max_retries: -5 }),
      'name must be at least 3 characters; interval must be at least 20; max_retries must be at least 0; timeout must be at least 16',
    ],
  ])('refuses %s, storing nothing', async (_, body, message) => {
    const before = await api.app.get(Store).collection(Monitor).count();

    await expect(api.post('/monitors', body)).resolves.toEqual(refused(400, message));

    await expect(api.app.get(Store).collection(Monitor).count()).resolves.toBe(before);
  });

  it('keeps a push token to one monitor, also in a race, and any number without one', async () => {
    const body = pushBody('only-one', { active: false });
    const answers = await Promise.all(Array.from({ length: 6 }, () => api.post('/monitors', body)));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(5).fill(400)]);
    expect(answers.find(({ status }) => status === 400)).toEqual(
      refused(400, 'push_token is in use by another monitor'),
    );
    await expect(api.post('/monitors', monitorBody())).resolves.toMatchObject({ status: 201 });
    await expect(api.post('/monitors', monitorBody())).resolves.toMatchObject({ status: 201 });
  });
});

describe('one monitor', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  let id = '';

  beforeEach(async () => {
    clock.set(Date.parse(NOW));
    await api.delete(`/monitors/${id}`);
    const body = pushBody('token-1', { max_retries: 1 });
    id = (await api.post('/monitors', body)).body.data.id as string;
    clock.set(Date.parse(LATER));
  });
  const isDown = () => api.app.get(Store).collection(Monitor).update({ id }, { status: 0 });

  it('is replaced by PUT: what is absent is cleared, and it pauses; status and created_at stay', async () => {
    await isDown();
    const { type, name, interval, timeout, retry_interval } = monitorBody();
    const config = '{"host":"::1","port":25}';

    const answer = await api.put(`/monitors/${id}`, { type, name, interval, timeout, retry_interval, config });

    const expected = stored({ id, config, status: 0, max_retries: 0, active: false, updated_at: LATER });
    expect(answer).toEqual(success(expected, UPDATED));
    await expect(api.get(`/monitors/${id}`)).resolves.toEqual(success(expected));
  });

  it('keeps its push token, and gives it to another one once it has it no more', async () => {
    await expect(api.put(`/monitors/${id}`, pushBody('token-1'))).resolves.toMatchObject({
      body: { data: { push_token: 'token-1' } },
    });
    await expect(api.patch(`/monitors/${id}`, { push_token: '' })).resolves.toMatchObject({
      body: { data: { push_token: '' } },
    });
    const other = await api.post('/monitors', pushBody('token-1', { active: false }));
    expect(other.status).toBe(201);
    const taken = refused(400, 'push_token is in use by another monitor');
    await expect(api.patch(`/monitors/${id}`, { push_token: 'token-1' })).resolves.toEqual(taken);
    await expect(api.put(`/monitors/${id}`, pushBody('token-1'))).resolves.toEqual(taken);
    await api.delete(`/monitors/${other.body.data.id}`);
  });

  it.each([
    [
      {},
      'interval is required; retry_interval is required; timeout is required; type is required; name is required; config is required',
    ],
    [monitorBody({ interval: 20, timeout: 25 }), 'timeout must be less than 1.25 times the interval (20)'],
    [monitorBody({ type: 'x' }), 'Invalid monitor configuration: executor not found for monitor type: x'],
    [monitorBody({ proxy_id: NOBODY }), 'proxy_id is not the id of a proxy'],
  ])('refuses to become %j', async (body, message) => {
    const before = await api.get(`/monitors/${id}`);

    await expect(api.put(`/monitors/${id}`, body)).resolves.toEqual(refused(400, message));

    await expect(api.get(`/monitors/${id}`)).resolves.toEqual(before);
  });

  it.each([
    [{ active: false }, { active: false }],
    [{ name: 'Patched' }, { name: 'Patched' }],
    [{ max_retries: 0, resend_interval: 0 }, { max_retries: 0 }],
    [
      { interval: 90, timeout: 30, retry_interval: 40 },
      { interval: 90, timeout: 30, retry_interval: 40 },
    ],
    [{ config: '{"pushToken":"other"}' }, { config: '{"pushToken":"other"}' }],
    [
      { type: 'tcp', config: '{"host":"h","port":1}' },
      { type: 'tcp', config: '{"host":"h","port":1}' },
    ],
    [{ proxy_id: '' }, {}],
    [{ name: null, active: null, proxy_id: null, config: null, interval: null }, {}],
    [{}, {}],
    [{ status: 0, id: NOBODY, created_at: LATER, active_since: 0, activeSince: 0 }, {}],
  ])('takes the PATCH %j', async (body, changes) => {
    const before = (await api.get(`/monitors/${id}`)).body.data;

    const answer = await api.patch(`/monitors/${id}`, body);

    const expected = { ...before, ...changes, updated_at: expect.any(String) };
    expect(answer).toEqual(success(expected, UPDATED));
    await expect(api.get(`/monitors/${id}`)).resolves.toEqual(success(answer.body.data));
  });

  it.each([
    [{ name: '' }, 'name must be at least 3 characters'],
    [{ interval: 19 }, 'interval must be at least 20'],
    [{ interval: 1, timeout: 9999 }, 'interval must be at least 20'],
    [{ timeout: 75 }, 'timeout must be less than 1.25 times the interval (60)'],
    [{ interval: 'x' }, 'interval must be a whole number'],
    [{ active: 'true' }, 'active must be true or false'],
    [{ type: 'gopher' }, 'Invalid monitor configuration: executor not found for monitor type: gopher'],
    [{ type: 'tcp' }, 'Invalid monitor configuration: unknown key "pushToken"; host is required; port is required'],
    [{ config: '{"foo":1}' }, 'Invalid monitor configuration: unknown key "foo"; pushToken is required'],
    [{ config: '' }, 'Invalid monitor configuration: config must be a JSON object'],
    [{ proxy_id: NOBODY }, 'proxy_id is not the id of a proxy'],
    [{ tag_ids: [NOBODY] }, 'tag_ids holds an id that does not exist'],
  ])('refuses the PATCH %j, changing nothing', async (body, message) => {
    const before = await api.get(`/monitors/${id}`);

    await expect(api.patch(`/monitors/${id}`, body)).resolves.toEqual(refused(400, message));

    await expect(api.get(`/monitors/${id}`)).resolves.toEqual(before);
  });

  it('is found by its id in any letter case, by every route', async () => {
    const key = id.toUpperCase();

    await expect(api.get(`/monitors/${key}`)).resolves.toMatchObject({ status: 200, body: { data: { id } } });
    await expect(api.get(`/monitors/batch?ids=${key}`)).resolves.toMatchObject({ body: { data: [{ id }] } });
    await expect(api.patch(`/monitors/${key}`, { name: 'capitals' })).resolves.toMatchObject({ status: 200 });
    await expect(api.post(`/monitors/${key}/reset`)).resolves.toMatchObject({ status: 200 });
    await api.delete(`/monitors/${key}`);
    await expect(api.get(`/monitors/${id}`)).resolves.toEqual(UNKNOWN);
  });

  it.each([NOBODY, 'abc', '%00', 'a'.repeat(2000)])('is not found as %s', async (unknown) => {
    await expect(api.get(`/monitors/${unknown}`)).resolves.toEqual(UNKNOWN);
    await expect(api.patch(`/monitors/${unknown}`, { name: 'ghost' })).resolves.toEqual(UNKNOWN);
    await expect(api.post(`/monitors/${unknown}/reset`)).resolves.toEqual(UNKNOWN);
    await expect(api.put(`/monitors/${unknown}`, monitorBody())).resolves.toEqual(UNKNOWN);
    await expect(api.put(`/monitors/${unknown}`, {})).resolves.toMatchObject({ status: 400 });
    await expect(api.delete(`/monitors/${unknown}`)).resolves.toEqual(success(null, 'Monitor deleted successfully'));
  });

  it('is pending after a reset', async () => {
    await expect(api.post(`/monitors/${id}/reset`)).resolves.toEqual(success(null, 'Monitor data reset successfully'));

    await expect(api.get(`/monitors/${id}`)).resolves.toMatchObject({ body: { data: { status: 2, active: true } } });
  });

  it('may be deleted again and again', async () => {
    const gone = success(null, 'Monitor deleted successfully');

    await expect(api.delete(`/monitors/${id}`)).resolves.toEqual(gone);
    await expect(api.delete(`/monitors/${id}`)).resolves.toEqual(gone);
    await expect(api.get(`/monitors/${id}`)).resolves.toEqual(UNKNOWN);
  });
});
