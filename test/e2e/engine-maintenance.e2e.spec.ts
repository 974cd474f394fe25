import { EventBus, MINUTE, SECOND, Schedule, Store, Presence } from '@app/core';
import { Maintenance } from '@app/modules/maintenances';
import { Monitor } from '@app/modules/monitors';
import { IngesterService } from '@app/pipeline/ingester/ingester.service';
import { Api, useApi } from '../support/api';
import { FakeClock, NOON } from '../support/clock';
import type { Beat, Watched } from '../support/engine';
import { eventually } from '../support/eventually';
import { maintenanceBody } from '../support/maintenances';
import { pushBody } from '../support/monitors';
import { useScene } from '../support/scene';

const short = ({ status, msg, important, notified }: Beat) => [status, msg, important, notified];

describe('a monitor in a maintenance window', () => {
  const api = useApi();
  const scene = useScene(api);

  const { watch } = scene;
  const maintain = async (...monitors: Watched[]) => {
    const body = maintenanceBody({ monitor_ids: monitors.map(({ id }) => id) });
    return (await api.post('/maintenances', body)).body.data.id as string;
  };
  const called = () =>
    eventually(
      'a call of the webhook',
      () => scene.hook.requests,
      (requests) => requests.length > 0,
    );

  it('is not checked; others are, and it is again when the window is over', async () => {
    const [monitor, other] = [await watch(), await watch()];
    await Promise.all([monitor.seen(1), other.seen(1)]);
    const window = await maintain(monitor);
    const checks = scene.target.requests.length;

    await monitor.tick();
    await monitor.tick();
    expect(scene.target.requests).toHaveLength(checks);
    await expect(monitor.status()).resolves.toBe(3);
    await other.tick();
    await expect(other.status()).resolves.toBe(1);
    await api.patch(`/maintenances/${window}/pause`);
    await monitor.tick();
    await api.patch(`/maintenances/${window}/resume`);
    await monitor.tick();
    await api.delete(`/maintenances/${window}`);
    await monitor.tick();

    expect((await monitor.beats()).map(short)).toEqual([
      [1, '200 - 200 OK', true, false],
      [3, 'Monitor under maintenance', false, false],
      [3, 'Monitor under maintenance', false, false],
      [1, '200 - 200 OK', false, false],
      [3, 'Monitor under maintenance', false, false],
      [1, '200 - 200 OK', false, false],
    ]);
    expect(scene.hook.requests).toEqual([]);
  });

  it('is down right after it: that is told, at the first such beat', async () => {
    const monitor = await watch();
    await monitor.seen(1);
    const window = await maintain(monitor);
    await monitor.tick();
    scene.target.answers.push({ status: 503 }, { status: 503 });
    await api.delete(`/maintenances/${window}`);
    await monitor.tick();
    await monitor.tick();

    expect((await monitor.beats()).map(({ status, notified }) => [status, notified])).toEqual([
      [1, false],
      [3, false],
      [0, true],
      [0, false],
    ]);
    await called();
  });

  it('went down before it: its recovery after it is told', async () => {
    scene.target.answers.push({ status: 503 });
    const monitor = await watch();
    await monitor.seen(1);
    await called();
    scene.hook.reset();
    const window = await maintain(monitor);
    await monitor.tick();
    await api.delete(`/maintenances/${window}`);
    await monitor.tick();

    const [message] = await called();
    expect(JSON.parse(message!.body)).toMatchObject({ heartbeat: { status: 1, notified: true } });
  });

  it('from its first beat on is in maintenance, and nobody is told', async () => {
    const monitor = await watch();
    await monitor.seen(1);
    await maintain(monitor);
    await api.post(`/monitors/${monitor.id}/reset`);

    await expect(monitor.tick()).resolves.toMatchObject({ status: 3, important: true, notified: false });
  });

  it('counts that time neither as up nor as down', async () => {
    const monitor = await watch();
    await monitor.seen(1);
    await maintain(monitor);
    for (let i = 0; i < 3; i++) await monitor.tick();

    const { body } = await api.get(`/monitors/${monitor.id}/stats/uptime`);
    expect(body.data['24h']).toBe(100);
    const since = new Date(Date.now() - 3600 * SECOND).toISOString();
    const points = await api.get(
      `/monitors/${monitor.id}/stats/points?since=${since}&until=${new Date().toISOString()}`,
    );
    const sum = (key: string) =>
      (points.body.data.points as Record<string, number>[]).reduce((total, point) => total + point[key]!, 0);
    expect([sum('up'), sum('down'), sum('maintenance')]).toEqual([1, 0, 3]);
  });
});

describe('a push monitor in a maintenance window', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  const anyone = new Api(api.app);
  let id = '';
  let token = '';

  beforeEach(async () => {
    clock.set(NOON);
    // A clock that is put forward looks like a process that stood still, which would give everybody grace.
    jest.spyOn(api.app.get(Presence), 'interrupted').mockResolvedValue();
    token = `token-${Math.random()}`;
    id = (await api.post('/monitors', pushBody(token, { interval: 60 }))).body.data.id as string;
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await api.delete(`/monitors/${id}`);
  });

  const beats = async () => (await api.get(`/monitors/${id}/heartbeats?reverse=true`)).body.data as Beat[];
  const push = (query: string) => anyone.get(`/push/${token}?${query}`);
  const maintain = async (values: object = {}) =>
    (await api.post('/maintenances', maintenanceBody({ monitor_ids: [id], ...values }))).body.data.id as string;
  /** Has it looked at now, and lets everything that follows from that happen. */
  const look = async () => {
    const looked = jest.spyOn(api.app.get(IngesterService) as never, 'apply');
    await api.app.get(Schedule).reschedule(id, clock.now());
    await eventually('its tick was applied', () => looked.mock.results.length > 0);
    await Promise.all(looked.mock.results.map(({ value }) => value as Promise<void>));
    looked.mockRestore();
  };

  it('stores pushes as maintenance and tells nobody; afterwards it has an interval of grace', async () => {
    await push('msg=ok');
    const window = await maintain();
    clock.advance(10 * SECOND);
    await expect(push('status=0&msg=down-during')).resolves.toMatchObject({ status: 200 });
    clock.advance(50 * SECOND);
    await look();
    await api.patch(`/maintenances/${window}/pause`);
    clock.advance(60 * SECOND);
    await look();
    clock.advance(60 * SECOND);
    await look();

    expect((await beats()).map(({ status, msg, notified }) => [status, msg, notified])).toEqual([
      [1, 'ok', false],
      [3, 'down-during', false],
      [3, 'Monitor under maintenance', false],
      [0, 'No push received in time', true],
    ]);
  });

  it('has its grace also after a window between two looks', async () => {
    await push('msg=ok');
    const window = { strategy: 'single', start_date_time: '2026-11-24T12:01', end_date_time: '2026-11-24T12:03' };
    await maintain(window);
    clock.set(NOON + 3 * MINUTE + 30 * SECOND);
    await look();
    expect(await beats()).toHaveLength(1);

    clock.advance(40 * SECOND);
    await look();

    expect((await beats()).map(({ status, msg }) => [status, msg])).toEqual([
      [1, 'ok'],
      [0, 'No push received in time'],
    ]);
  });

  it('is up again with its first push after it', async () => {
    const window = await maintain();
    await push('status=1');
    await api.delete(`/maintenances/${window}`);
    clock.advance(SECOND);
    await push('status=1');

    expect((await beats()).map(({ status }) => status)).toEqual([3, 1]);
    await expect(api.app.get(Store).collection(Monitor).findOne({ id })).resolves.toMatchObject({ status: 1 });
  });

  it('follows what another process changed and announced', async () => {
    await push('status=1');
    clock.advance(SECOND);
    const window = await maintain({ active: false });
    await push('status=1');
    clock.advance(SECOND);
    await api.app.get(Store).collection(Maintenance).update({ id: window }, { active: true });
    api.app.get(EventBus).publish('maintenance.changed', { id: window });
    await push('status=1');

    expect((await beats()).map(({ status }) => status)).toEqual([1, 1, 3]);
  });
});
