import { DAY, Timeline } from '@app/core';
import { CleanupService } from '@app/pipeline/cleanup/cleanup.service';
import { Api, ADMIN, useApi } from '../support/api';
import { FakeClock, NOON } from '../support/clock';
import { signInAs } from '../support/people';
import { NOT_FOUND, refused, success } from '../support/wire';

const NOW = '2026-11-24T12:00:00.000Z';
const LATER = '2026-11-24T12:00:05.000Z';
const UNKNOWN = refused(404, 'Setting not found');
const BAD_KEY = refused(400, 'Key must be SCREAMING_SNAKE_CASE (A-Z, 0-9, _).');
const SECRETS = ['ACCESS_TOKEN_SECRET_KEY', 'REFRESH_TOKEN_SECRET_KEY'];

describe('/settings/key/:key', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  const put = (key: string, body: unknown) => api.put(`/settings/key/${key}`, body);
  const get = (key: string) => api.get(`/settings/key/${key}`);
  const stored = (values: object) => ({ id: '', key: 'A', created_at: NOW, updated_at: NOW, ...values });

  beforeEach(() => clock.set(NOON));

  it('creates, replaces and deletes', async () => {
    const first = stored({ value: '90', type: 'int' });
    await expect(put('A', { value: '90', type: 'int' })).resolves.toEqual(success(first, 'setting set successfully'));
    clock.advance(5000);
    const second = stored({ value: '', type: 'string', updated_at: LATER });
    await expect(put('A', { type: 'string' })).resolves.toEqual(success(second, 'setting set successfully'));
    await expect(get('A')).resolves.toEqual(success(second));

    for (let i = 0; i < 2; i++) {
      await expect(api.delete('/settings/key/A')).resolves.toEqual(success(null, 'Setting deleted successfully'));
    }
    await expect(get('A')).resolves.toEqual(UNKNOWN);
  });

  it.each(['a', 'A-B', 'A%20B', 'ABC%0A', '%C3%84'])('refuses the key %s, whatever else is wrong', async (key) => {
    await expect(get(key)).resolves.toEqual(BAD_KEY);
    await expect(put(key, { type: 'nope' })).resolves.toEqual(BAD_KEY);
    await expect(api.send({ method: 'PUT', path: `/api/v1/settings/key/${key}`, text: '{' })).resolves.toEqual(BAD_KEY);
    await expect(api.delete(`/settings/key/${key}`)).resolves.toEqual(BAD_KEY);
  });

  it('refuses a key that is too long, and has no route without one', async () => {
    await expect(put('A'.repeat(255), { type: 'string' })).resolves.toMatchObject({ status: 200 });
    await expect(put('A'.repeat(256), { type: 'string' })).resolves.toEqual(
      refused(400, 'Key must be at most 255 characters'),
    );
    await expect(get('')).resolves.toEqual(NOT_FOUND);
  });

  it.each([
    ['int', '-17'],
    ['bool', 'true'],
    ['bool', 'false'],
    ['json', '{"a":[1]}'],
    ['json', 'null'],
    ['string', 'anything'],
  ])('takes %s %j', async (type, value) => {
    await expect(put('B', { type, value })).resolves.toMatchObject({ status: 200, body: { data: { type, value } } });
  });

  it.each([
    ['B', { value: 'abc', type: 'int' }, 'value must be a whole number'],
    ['B', { value: '1.5', type: 'int' }, 'value must be a whole number'],
    ['B', { value: '', type: 'int' }, 'value must be a whole number'],
    ['B', { value: 'maybe', type: 'bool' }, 'value must be true or false'],
    ['B', { value: '{', type: 'json' }, 'value must be a JSON document'],
    ['B', { value: 'x' }, 'type is required'],
    ['B', { value: 'x', type: '' }, 'type is required'],
    ['B', { value: 'x', type: 'INT' }, 'type must be one of string, int, bool, json'],
    ['B', { value: 90, type: 'int' }, 'value must be a string'],
    ['KEEP_DATA_PERIOD_DAYS', { value: '0', type: 'int' }, 'value must be a whole number from 1 to 36500'],
    ['KEEP_DATA_PERIOD_DAYS', { value: '36501', type: 'int' }, 'value must be a whole number from 1 to 36500'],
    ['KEEP_DATA_PERIOD_DAYS', { value: 'x', type: 'string' }, 'value must be a whole number from 1 to 36500'],
    [
      'ACCESS_TOKEN_EXPIRED_IN',
      { value: 'soon', type: 'string' },
      'value must be a duration of at least a second, such as 15m or 720h',
    ],
    [
      'REFRESH_TOKEN_EXPIRED_IN',
      { value: '-1h', type: 'string' },
      'value must be a duration of at least a second, such as 15m or 720h',
    ],
    [
      'CERT_EXPIRY_NOTIFY_DAYS',
      { value: '[1.5]', type: 'json' },
      'value must be a JSON list of at most 20 whole numbers from 0 to 36500',
    ],
  ])('refuses %s %j', async (key, body, message) => {
    await expect(put(key, body)).resolves.toEqual(refused(400, message));
  });

  it.each(SECRETS)('neither shows nor takes %s, of an admin either', async (key) => {
    const refusal = refused(403, 'Secrets of the instance cannot be changed here');

    await expect(get(key)).resolves.toEqual(UNKNOWN);
    await expect(put(key, { value: 'x', type: 'string' })).resolves.toEqual(refusal);
    await expect(api.delete(`/settings/key/${key}`)).resolves.toEqual(refusal);
    await expect(get(key)).resolves.toEqual(UNKNOWN);
    const viewer = await signInAs(api.app, 'viewer');
    await expect(viewer.get(`/settings/key/${key}`)).resolves.toEqual(UNKNOWN);
    await expect(viewer.put(`/settings/key/${key}`, {})).resolves.toMatchObject({ status: 403 });
  });

  it('has the days of certificates under a name that can be asked for', async () => {
    await expect(get('CERT_EXPIRY_NOTIFY_DAYS')).resolves.toMatchObject({
      body: { data: { key: 'CERT_EXPIRY_NOTIFY_DAYS', value: '[7,14,21]', type: 'json' } },
    });
    await put('CERT_EXPIRY_NOTIFY_DAYS', { value: '[3]', type: 'json' });
    await expect(get('CERT_EXPIRY_NOTIFY_DAYS')).resolves.toMatchObject({ body: { data: { value: '[3]' } } });
  });

  it('makes tokens live as long as it says, at once, and as usual when it is deleted', async () => {
    const lifetime = async () => {
      const { body } = await new Api(api.app).post('/auth/login', ADMIN);
      const [, payload] = (body.data.accessToken as string).split('.');
      const { iat, exp } = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as { iat: number; exp: number };
      return exp - iat;
    };

    await put('ACCESS_TOKEN_EXPIRED_IN', { value: '1h30m', type: 'string' });
    await expect(lifetime()).resolves.toBe(5400);

    await api.delete('/settings/key/ACCESS_TOKEN_EXPIRED_IN');
    await expect(lifetime()).resolves.toBe(900);
  });

  it('keeps heartbeats as many days as it says', async () => {
    const prune = jest.spyOn(api.app.get(Timeline), 'prune').mockResolvedValue(false);
    const keptDays = async () => {
      await api.app.get(CleanupService).run();
      return (NOON - prune.mock.lastCall![0].beatsBefore!) / DAY;
    };

    await expect(keptDays()).resolves.toBe(365);
    await put('KEEP_DATA_PERIOD_DAYS', { value: '90', type: 'int' });
    await expect(keptDays()).resolves.toBe(90);
    await api.delete('/settings/key/KEEP_DATA_PERIOD_DAYS');
    await expect(keptDays()).resolves.toBe(365);
  });
});
