import { SECOND } from '@app/core';
import { Api, useApi } from '../support/api';
import { FakeClock } from '../support/clock';
import { maintenanceBody } from '../support/maintenances';
import { monitorBody } from '../support/monitors';
import { AN_ID, NOBODY, created, refused, success } from '../support/wire';

const NOW = '2026-11-24T12:00:00.000Z'; // a Tuesday
const LATER = '2026-11-24T12:00:05.000Z';
const UNKNOWN = refused(404, 'Maintenance not found');
const NO_MONITOR = refused(400, 'monitor_ids holds an id that does not exist');
const UPDATED = 'maintenance updated successfully';

const weekly = (values: object = {}) => ({
  title: 'Weekly',
  strategy: 'recurring-weekday',
  weekdays: [1, 2],
  start_time: '12:30',
  end_time: '13:15',
  timezone: 'Europe/Berlin',
  ...values,
});
const stored = (values: object = {}) => ({
  id: AN_ID,
  title: 'Weekly',
  description: '',
  active: true,
  active_now: true,
  strategy: 'recurring-weekday',
  weekdays: [1, 2],
  start_time: '12:30',
  end_time: '13:15',
  cron: '30 12 * * 1,2',
  timezone: 'Europe/Berlin',
  duration: 45,
  created_at: NOW,
  updated_at: NOW,
  ...values,
});

describe('POST /maintenances', () => {
  const api = useApi({ clock: new FakeClock() });
  const create = (body: unknown) => api.post('/maintenances', body);

  it('stores a maintenance and returns the stored row, with what follows from it', async () => {
    const answer = await create(weekly());

    expect(answer).toEqual(created('Maintenance created successfully', stored()));
    await expect(api.get(`/maintenances/${answer.body.data.id}`)).resolves.toEqual(
      success({ ...answer.body.data, monitor_ids: [] }),
    );
  });

  it('leaves out what is not filled in', async () => {
    await expect(create({ title: 'Now', strategy: 'manual', foo: 1 })).resolves.toEqual(
      created('Maintenance created successfully', {
        id: AN_ID,
        title: 'Now',
        description: '',
        active: true,
        active_now: true,
        strategy: 'manual',
        created_at: NOW,
        updated_at: NOW,
      }),
    );
  });

  it.each([
    ['active: false', { active: false }, { active: false, active_now: false }],
    ['a strategy that nobody knows', { strategy: 'once' }, { strategy: 'once', active_now: false }],
    ['the last day of the month as null', monthly([null, 15]), { days_of_month: [0, 15], cron: '0 9 0,15 * *' }],
    ['the last day of the month as -1', monthly([-1]), { days_of_month: [-1] }],
    ['the zone of the server', { timezone: 'SAME_AS_SERVER' }, { timezone: 'SAME_AS_SERVER' }],
    ['an empty zone', { timezone: '' }, { timezone: '' }],
    ['an old name of a zone', { timezone: 'US/Eastern' }, { timezone: 'US/Eastern' }],
    ['an hour of one digit', weekly({ start_time: '9:00' }), { start_time: '9:00', cron: '0 9 * * 1,2' }],
    ['a window over midnight', weekly({ start_time: '23:00', end_time: '01:00' }), { duration: 120 }],
    ['a duration of its own', weekly({ duration: 7 }), { duration: 7 }],
    ['an expression of its own', weekly({ cron: '0 1 * * *', duration: 7 }), { cron: '0 1 * * *', duration: 7 }],
    ['one bound', { strategy: 'single', end_date_time: '2027-01-01T00:00' }, { active_now: true }],
    [
      'an expression with a zone',
      { strategy: 'cron', cron: 'TZ=Asia/Tokyo 0 21 * * *', duration: 5 },
      { active_now: true },
    ],
  ])('takes %s', async (_, body, expected) => {
    const answer = await create({ title: 'x', strategy: 'manual', ...body });

    expect(answer).toMatchObject({ status: 201, body: { data: expected } });
  });

  it.each([
    ['nothing', {}, 'title is required; strategy is required'],
    ['a blank title', { title: ' ', strategy: 'manual' }, 'title must not be blank'],
    ['a long title', { title: 'n'.repeat(256), strategy: 'manual' }, 'title must be at most 255 characters'],
    [
      'a date that is in no calendar',
      single('2026-02-30T00:00', null),
      'start_date_time must be a date and time such as 2026-02-01T09:30',
    ],
    [
      'an end before the start',
      single('2026-03-01T00:00', '2026-02-01T00:00'),
      'end_date_time must be after start_date_time',
    ],
    ['a single one without dates', single(null, null), 'start_date_time or end_date_time is required'],
    [
      'a zone that is none',
      weekly({ timezone: 'Mars/Base' }),
      'timezone must be UTC, SAME_AS_SERVER or a time zone such as Europe/Berlin',
    ],
    ['a day that no week has', weekly({ weekdays: [7] }), 'weekdays must be a list of whole numbers from 0 to 6'],
    ['no days', weekly({ weekdays: [] }), 'weekdays must name at least one day'],
    ['no days of the month', monthly([]), 'days_of_month must name at least one day'],
    ['a day that no month has', monthly([32]), 'days_of_month must be a list of whole numbers from -1 to 31'],
    ['no times', weekly({ start_time: null, end_time: null }), 'start_time is required; end_time is required'],
    ['a time that is none', weekly({ start_time: '3 pm' }), 'start_time must be a time of day such as 09:30'],
    ['equal times', weekly({ end_time: '12:30' }), 'start_time and end_time must differ'],
    ['no interval', weekly({ strategy: 'recurring-interval' }), 'interval_day must be at least 1'],
    [
      'an expression that is none',
      { title: 'x', strategy: 'cron', cron: 'hello', duration: 5 },
      'cron must be an expression such as 30 2 * * 1-5: it must have five fields',
    ],
    [
      'an expression without duration',
      { title: 'x', strategy: 'cron', cron: '0 2 * * *' },
      'duration must be at least 1 with cron',
    ],
    ['a duration of 0', { title: 'x', strategy: 'manual', duration: 0 }, 'duration must be at least 1'],
    [
      'a monitor that is none',
      { title: 'x', strategy: 'manual', monitor_ids: [1] },
      'monitor_ids must be a list of ids',
    ],
  ])('refuses %s', async (_, body, message) => {
    await expect(create(body)).resolves.toEqual(refused(400, message));
  });

  it('stores nothing when a monitor is unknown', async () => {
    const monitor = (await api.post('/monitors', monitorBody())).body.data.id as string;

    await expect(create(maintenanceBody({ title: 'ghost', monitor_ids: [monitor, NOBODY] }))).resolves.toEqual(
      NO_MONITOR,
    );
    await expect(create(maintenanceBody({ title: 'ghost', monitor_ids: ['nope'] }))).resolves.toEqual(NO_MONITOR);

    await expect(api.get('/maintenances?q=ghost')).resolves.toEqual(success([]));
  });
});

describe('GET /maintenances', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  const titles = async (query: string) => {
    const { body } = await api.get(`/maintenances${query}`);
    return (body.data as { title: string }[]).map(({ title }) => title);
  };

  beforeAll(async () => {
    for (const [title, description, strategy] of [
      ['Router', 'second floor', 'manual'],
      ['100%', '', 'once'],
      ['Ärger', 'ROUTER again', 'manual'],
    ]) {
      await api.post('/maintenances', { title, description, strategy });
      clock.advance(SECOND);
    }
  });

  it.each([
    ['', ['Ärger', '100%', 'Router']],
    ['?limit=1&page=1', ['100%']],
    ['?page=9', []],
    ['?q=router', ['Ärger', 'Router']],
    ['?q=FLOOR', ['Router']],
    ['?q=%C3%A4rger', ['Ärger']],
    ['?q=%25', ['100%']],
    ['?q=r%25', []],
    ['?strategy=manual', ['Ärger', 'Router']],
    ['?strategy=manual&q=floor', ['Router']],
    ['?strategy=nope', []],
    ['?strategy=', ['Ärger', '100%', 'Router']],
  ])('answers %s', async (query, expected) => {
    await expect(titles(query)).resolves.toEqual(expected);
  });

  it.each([
    ['page=-1', 'Invalid page parameter'],
    ['limit=0', 'Invalid limit parameter'],
  ])('refuses %s', async (query, message) => {
    await expect(api.get(`/maintenances?${query}`)).resolves.toEqual(refused(400, message));
  });
});

describe('one maintenance', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  let id = '';
  const monitors: string[] = [];
  const make = async (body: object) => (await api.post('/maintenances', body)).body.data.id as string;
  const monitorsOf = async (of: string) => (await api.get(`/maintenances/${of}`)).body.data.monitor_ids as string[];

  beforeAll(async () => {
    for (let i = 0; i < 3; i++) monitors.push((await api.post('/monitors', monitorBody())).body.data.id as string);
  });

  beforeEach(async () => {
    clock.set(Date.parse(NOW));
    id = await make(weekly({ monitor_ids: [monitors[1], monitors[0], monitors[1]] }));
    clock.advance(5 * SECOND);
  });

  it('has its monitors once each, in the order in which they were sent', async () => {
    await expect(monitorsOf(id)).resolves.toEqual([monitors[1], monitors[0]]);
  });

  it('is replaced by PUT: what is absent is cleared, but the monitors stay', async () => {
    const body = { title: 'Manual now', strategy: 'manual', active: false };
    const expected = { ...body, id, description: '', active_now: false, created_at: NOW, updated_at: LATER };

    await expect(api.put(`/maintenances/${id}`, body)).resolves.toEqual(success(expected, UPDATED));
    await expect(api.get(`/maintenances/${id}`)).resolves.toEqual(
      success({ ...expected, monitor_ids: [monitors[1], monitors[0]] }),
    );
    await api.put(`/maintenances/${id}`, { ...body, monitor_ids: [monitors[2]] });
    await expect(monitorsOf(id)).resolves.toEqual([monitors[2]]);
    await api.put(`/maintenances/${id}`, { ...body, monitor_ids: [] });
    await expect(monitorsOf(id)).resolves.toEqual([]);
  });

  it.each([
    ['the title', { title: 'Other' }, { title: 'Other' }],
    ['a time, and with it the duration', { start_time: '12:00' }, { start_time: '12:00', duration: 75 }],
    [
      'the days, and with the strategy the expression',
      { strategy: 'recurring-weekday', weekdays: [5] },
      { weekdays: [5], cron: '30 12 * * 5', active_now: false },
    ],
    ['the duration', { duration: 5 }, { duration: 5, active_now: false }],
    [
      'the duration to 0, which clients send for unknown',
      { strategy: 'recurring', title: 'TF', duration: 0 },
      { strategy: 'recurring', title: 'TF', duration: 0, active_now: false },
    ],
    ['the expression', { cron: '0 2 * * *' }, { cron: '0 2 * * *' }],
    ['whether it is active', { active: false }, { active: false, active_now: false }],
    ['nothing with null', { title: null, weekdays: null, duration: null, start_time: null, active: null }, {}],
  ])('PATCH changes %s', async (_, body, expected) => {
    await expect(api.patch(`/maintenances/${id}`, body)).resolves.toEqual(
      success(stored({ id, updated_at: expect.any(String), ...expected }), UPDATED),
    );
    await expect(monitorsOf(id)).resolves.toEqual([monitors[1], monitors[0]]);
  });

  it('finds the new words of a patched title', async () => {
    await api.patch(`/maintenances/${id}`, { title: 'Zebra crossing' });

    await expect(api.get('/maintenances?q=zebra')).resolves.toMatchObject({ body: { data: [{ id }] } });
  });

  it('leaves updated_at alone when PATCH changes nothing', async () => {
    await expect(api.patch(`/maintenances/${id}`, {})).resolves.toEqual(success(stored({ id }), UPDATED));
  });

  it('PATCH replaces, keeps and removes monitors', async () => {
    await api.patch(`/maintenances/${id}`, { monitor_ids: [monitors[2], monitors[0]] });
    await expect(monitorsOf(id)).resolves.toEqual([monitors[2], monitors[0]]);
    await api.patch(`/maintenances/${id}`, { monitor_ids: null });
    await expect(monitorsOf(id)).resolves.toEqual([monitors[2], monitors[0]]);
    await api.patch(`/maintenances/${id}`, { monitor_ids: [] });
    await expect(monitorsOf(id)).resolves.toEqual([]);
  });

  it.each([
    ['put', { title: 'x' }, 'strategy is required'],
    [
      'put',
      { title: 'x', strategy: 'recurring-weekday' },
      'start_time is required; end_time is required; weekdays must name at least one day',
    ],
    ['patch', { title: '' }, 'title is required'],
    ['patch', { weekdays: [99] }, 'weekdays must be a list of whole numbers from 0 to 6'],
    ['patch', { weekdays: [] }, 'weekdays must name at least one day'],
    ['patch', { duration: -1 }, 'duration must be at least 0'],
    ['patch', { strategy: 'recurring-interval' }, 'interval_day must be at least 1'],
    ['patch', { end_time: '12:30' }, 'start_time and end_time must differ'],
    ['patch', { cron: '0 2 * * *', duration: 0 }, 'duration must be at least 1 with cron'],
    ['patch', { start_date_time: 'whenever' }, 'start_date_time must be a date and time such as 2026-02-01T09:30'],
  ] as const)('refuses %s of %j', async (method, body, message) => {
    await expect(api[method](`/maintenances/${id}`, body)).resolves.toEqual(refused(400, message));
  });

  it('stays as it was when a monitor is unknown', async () => {
    const body = { title: 'Changed', strategy: 'manual', monitor_ids: [monitors[2], NOBODY] };

    await expect(api.put(`/maintenances/${id}`, body)).resolves.toEqual(NO_MONITOR);
    await expect(api.patch(`/maintenances/${id}`, body)).resolves.toEqual(NO_MONITOR);

    await expect(api.get(`/maintenances/${id}`)).resolves.toEqual(
      success(stored({ id, monitor_ids: [monitors[1], monitors[0]] })),
    );
  });

  it('is paused and resumed, whatever the body is', async () => {
    const send = (action: string, text?: string) =>
      api.send({ method: 'PATCH', path: `/api/v1/maintenances/${id}/${action}`, text });

    await expect(send('pause', '{"title":')).resolves.toEqual(
      success(stored({ id, active: false, active_now: false, updated_at: LATER }), 'Paused'),
    );
    await expect(send('pause')).resolves.toMatchObject({ status: 200 });
    await expect(send('resume')).resolves.toEqual(success(stored({ id, updated_at: LATER }), 'Resumed'));
  });

  it.each([NOBODY, 'abc', '%00', encodeURIComponent("' OR 1=1")])('is not found as %s', async (unknown) => {
    const body = maintenanceBody();
    await expect(api.get(`/maintenances/${unknown}`)).resolves.toEqual(UNKNOWN);
    await expect(api.put(`/maintenances/${unknown}`, body)).resolves.toEqual(UNKNOWN);
    await expect(api.patch(`/maintenances/${unknown}`, body)).resolves.toEqual(UNKNOWN);
    await expect(api.patch(`/maintenances/${unknown}`, {})).resolves.toEqual(UNKNOWN);
    await expect(api.patch(`/maintenances/${unknown}/pause`)).resolves.toEqual(UNKNOWN);
    await expect(api.patch(`/maintenances/${unknown}/resume`)).resolves.toEqual(UNKNOWN);
    await expect(api.delete(`/maintenances/${unknown}`)).resolves.toEqual(
      success(null, 'Maintenance deleted successfully'),
    );
  });

  it('loses monitors that are deleted, and is deleted without them', async () => {
    const gone = (await api.post('/monitors', monitorBody())).body.data.id as string;
    await api.patch(`/maintenances/${id}`, { monitor_ids: [gone, monitors[0]] });

    await api.delete(`/monitors/${gone}`);
    await expect(monitorsOf(id)).resolves.toEqual([monitors[0]]);

    await expect(api.delete(`/maintenances/${id.toUpperCase()}`)).resolves.toEqual(
      success(null, 'Maintenance deleted successfully'),
    );
    await expect(api.get(`/maintenances/${id}`)).resolves.toEqual(UNKNOWN);
    await expect(api.get(`/monitors/${monitors[0]}`)).resolves.toMatchObject({ status: 200 });
  });

  it('is nothing for strangers', async () => {
    await expect(new Api(api.app).patch(`/maintenances/${id}/pause`)).resolves.toMatchObject({ status: 401 });
  });
});

function single(start_date_time: string | null, end_date_time: string | null) {
  return { title: 'x', strategy: 'single', start_date_time, end_date_time };
}

function monthly(days_of_month: (number | null)[]) {
  return {
    title: 'x',
    strategy: 'recurring-day-of-month',
    days_of_month,
    start_time: '09:00',
    end_time: '09:30',
  };
}
