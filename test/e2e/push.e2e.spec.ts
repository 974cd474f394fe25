import { AppError, ResultQueue, SECOND } from '@app/core';
import { Api, useApi } from '../support/api';
import { FakeClock, NOON } from '../support/clock';
import { pushBody } from '../support/monitors';
import { NOT_FOUND, refused } from '../support/wire';

const ACCEPTED = { status: 200, body: { ok: 'true' } };
const UNKNOWN = refused(404, 'Monitor not found for pushToken');
const BAD_STATUS = refused(400, 'Invalid status parameter (must be up, down, pending, maintenance or 0 to 3)');

describe('/push/:token', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  const anyone = new Api(api.app);
  let tokens = 0;

  async function monitor(values = {}) {
    const token = `token-${++tokens}`;
    const id = (await api.post('/monitors', pushBody(token, values))).body.data.id as string;
    const newest = async () => (await api.get(`/monitors/${id}/heartbeats?limit=1`)).body.data[0];
    const count = async () => (await api.get(`/monitors/${id}/heartbeats?limit=1000`)).body.data.length;
    return { id, token, newest, count, push: (query = '') => anyone.get(`/push/${token}${query}`) };
  }

  beforeEach(() => clock.set(NOON));

  it('stores a beat before it answers', async () => {
    const { id, push, newest } = await monitor();

    await expect(push()).resolves.toEqual(ACCEPTED);

    await expect(newest()).resolves.toEqual({
      id: expect.any(String),
      monitor_id: id,
      status: 1,
      msg: 'OK',
      ping: 0,
      duration: 0,
      down_count: 0,
      retries: 0,
      important: true,
      time: '2026-11-24T12:00:00.000Z',
      end_time: '2026-11-24T12:00:00.000Z',
      notified: false,
    });
  });

  it.each([
    ['?status=up&msg=OK&ping=', { status: 1, msg: 'OK', ping: 0 }],
    ['?status=&msg=', { status: 1, msg: '' }],
    ['?status=down&msg=disk%20full', { status: 0, msg: 'disk full' }],
    ['?status=Down', { status: 0 }],
    ['?status=PENDING', { status: 2 }],
    ['?status=maintenance', { status: 3 }],
    ['?status=0&ping=17', { status: 0, ping: 17 }],
    ['?status=1', { status: 1 }],
    ['?status=2', { status: 2 }],
    ['?status=3', { status: 3 }],
    ['?ping=123.4', { ping: 123 }],
    ['?ping=-5', { ping: 0 }],
    ['?ping=fast', { ping: 0 }],
    ['?ping=99999999999', { ping: 0 }],
    ['?ping=NaN', { ping: 0 }],
    ['?status=0&status=1&msg=a&msg=b', { status: 0, msg: 'a' }],
    ['?msg=%3Cb%3E%C3%A4%26%3C%2Fb%3E', { msg: '<b>ä&</b>' }],
    ['?msg=a%00b', { msg: 'ab' }],
    ['?msg=%ZZ&status=%ff', { status: 1, msg: 'OK' }],
    ['?msg=a;b', { msg: 'OK' }],
    ['?msg=a+b', { msg: 'a b' }],
    [`?msg=${'x'.repeat(1500)}`, { msg: 'x'.repeat(1000) }],
    [`?msg=${encodeURIComponent('😀'.repeat(1001))}`, { msg: '😀'.repeat(1000) }],
    ['?foo=1', { status: 1 }],
  ])('takes %s', async (query, expected) => {
    const { push, newest } = await monitor();

    await expect(push(query)).resolves.toEqual(ACCEPTED);

    await expect(newest()).resolves.toMatchObject(expected);
  });

  it.each(['7', '-1', '1.0', '%2B1', 'ok', '3000000000', 'constructor', '__proto__', '01'])(
    'refuses the status %s, storing nothing',
    async (status) => {
      const { push, count } = await monitor();

      await expect(push(`?status=${status}`)).resolves.toEqual(BAD_STATUS);

      await expect(count()).resolves.toBe(0);
    },
  );

  it('takes POST as well, with any body, and pays no heed to credentials', async () => {
    const { token, count } = await monitor();

    await expect(anyone.post(`/push/${token}?status=up`)).resolves.toEqual(ACCEPTED);
    await expect(anyone.post(`/push/${token}`, { status: 'down' })).resolves.toEqual(ACCEPTED);
    const nonsense = anyone.with({ authorization: 'Bearer nonsense', 'x-api-key': 'nonsense' });
    await expect(nonsense.get(`/push/${token}`)).resolves.toEqual(ACCEPTED);

    await expect(count()).resolves.toBe(3);
  });

  it('stores each of many simultaneous pushes once', async () => {
    const { push, count } = await monitor();

    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => push(`?msg=${i}`)));

    expect(answers).toEqual(Array(200).fill(ACCEPTED));
    await expect(count()).resolves.toBe(200);
  });

  it('obeys max_retries: failing pushes are pending first', async () => {
    const { id, push } = await monitor({ max_retries: 2 });
    for (const query of ['?status=1', '?status=0', '?status=0', '?status=0', '?status=0', '?status=1']) {
      clock.advance(SECOND);
      await push(query);
    }

    const { body } = await api.get(`/monitors/${id}/heartbeats?reverse=true`);
    const beats = (body.data as Record<string, unknown>[]).map(({ status, retries, important, notified }) => [
      status,
      retries,
      important,
      notified,
    ]);
    expect(beats).toEqual([
      [1, 0, true, false],
      [2, 1, false, false],
      [2, 2, false, false],
      [0, 3, true, true],
      [0, 4, false, false],
      [1, 0, true, true],
    ]);
    await expect(api.get(`/monitors/${id}`)).resolves.toMatchObject({ body: { data: { status: 1 } } });
  });

  it.each(['nope', 'TOKEN-1', '%20', 'constructor', 'a'.repeat(300)])('knows no token %s', async (token) => {
    await expect(anyone.get(`/push/${token}`)).resolves.toEqual(UNKNOWN);
  });

  it.each([
    ['GET', '/push'],
    ['GET', '/push/'],
    ['PUT', '/push/t'],
    ['PATCH', '/push/t'],
    ['DELETE', '/push/t'],
    ['GET', '/push/t/'],
    ['GET', '/push/t/x'],
  ])('has no route %s %s', async (method, path) => {
    await monitor();
    const answer = await anyone.send({ method, path: `/api/v1${path.replace('t', `token-${tokens}`)}` });

    expect(answer).toEqual(NOT_FOUND);
  });

  it('takes nothing for a paused monitor, until it is resumed', async () => {
    const { id, push, count } = await monitor();
    await push();

    await api.patch(`/monitors/${id}`, { active: false });
    await expect(push()).resolves.toEqual(refused(400, 'Monitor is not active'));
    await expect(count()).resolves.toBe(1);

    await api.patch(`/monitors/${id}`, { active: true });
    await expect(push()).resolves.toEqual(ACCEPTED);
  });

  it('follows the token: an old one is unknown at once, a new one known at once', async () => {
    const { id, push } = await monitor();
    await push();

    await api.patch(`/monitors/${id}`, { push_token: 'rotated' });

    await expect(push()).resolves.toEqual(UNKNOWN);
    await expect(anyone.get('/push/rotated')).resolves.toEqual(ACCEPTED);
  });

  it('knows the token of a monitor that was made after it had been tried', async () => {
    await expect(anyone.get(`/push/token-${tokens + 1}`)).resolves.toEqual(UNKNOWN);

    const { push } = await monitor();

    await expect(push()).resolves.toEqual(ACCEPTED);
  });

  it('uses the newest settings of the monitor', async () => {
    const { id, push, newest } = await monitor({ max_retries: 5 });
    await push('?status=0');
    await expect(newest()).resolves.toMatchObject({ status: 2 });

    await api.patch(`/monitors/${id}`, { max_retries: 0 });
    clock.advance(SECOND);
    await push('?status=0');

    await expect(newest()).resolves.toMatchObject({ status: 0 });
  });

  it('is for push monitors only, by push_token only', async () => {
    const tcp = { type: 'tcp', config: '{"host":"127.0.0.1","port":1}' };
    const { id, push } = await monitor({ active: false, ...tcp });
    const { push: pushOther } = await monitor({ push_token: 'outer', config: '{"pushToken":"inner"}' });

    await expect(push()).resolves.toEqual(UNKNOWN);
    await expect(pushOther()).resolves.toEqual(UNKNOWN);
    await expect(anyone.get('/push/inner')).resolves.toEqual(UNKNOWN);
    await expect(anyone.get('/push/outer')).resolves.toEqual(ACCEPTED);
    await api.delete(`/monitors/${id}`);
  });

  it('matches a token with a blank', async () => {
    await monitor({ push_token: 'with blank' });

    await expect(anyone.get('/push/with%20blank')).resolves.toEqual(ACCEPTED);
  });

  it('knows a deleted monitor no more', async () => {
    const { id, push } = await monitor();
    await push();

    await api.delete(`/monitors/${id}`);

    await expect(push()).resolves.toEqual(UNKNOWN);
  });

  it('says 503 and when to come back while nothing can be stored', async () => {
    const { push } = await monitor();
    const submit = jest.spyOn(api.app.get(ResultQueue), 'submit');
    submit.mockRejectedValue(new AppError('unavailable', 'away')); // also what the engine has for it meanwhile

    const answer = await push();
    submit.mockRestore();

    expect(answer).toEqual(refused(503, 'The heartbeat cannot be stored at the moment'));
    expect(answer.headers['retry-after']).toBe('5');
  });
});
