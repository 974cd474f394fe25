import { Schedule } from '@app/core';
import { useApi } from '../support/api';
import { httpConfig } from '../support/engine';
import type { Beat } from '../support/engine';
import { eventually } from '../support/eventually';
import { webhookBody } from '../support/monitors';
import { useScene } from '../support/scene';
import { closedPort, startTcpTarget } from '../support/targets';
import { success } from '../support/wire';

const api = useApi();
const scene = useScene(api);
afterEach(() => jest.restoreAllMocks());

const { watch } = scene;
const down = (times: number) => scene.target.answers.push(...Array<{ status: number }>(times).fill({ status: 503 }));
const short = ({ status, important, notified, retries }: Beat) => [status, important, notified, retries];
const calls = () =>
  scene.hook.requests.map(({ body }) => (JSON.parse(body) as { heartbeat: { status: number } }).heartbeat.status);
const called = (count: number) => eventually(`${count} calls of the webhook`, calls, (made) => made.length >= count);

describe('an outage', () => {
  it('is pending first, then down with one message, then up with one message', async () => {
    const monitor = await watch({ max_retries: 2 });
    await monitor.seen(1);
    down(4);
    for (let i = 0; i < 6; i++) await monitor.tick();

    expect((await monitor.beats()).map(short)).toEqual([
      [1, true, false, 0],
      [2, false, false, 1],
      [2, false, false, 2],
      [0, true, true, 3],
      [0, false, false, 4],
      [1, true, true, 0],
      [1, false, false, 0],
    ]);
    await called(2);
    expect(calls()).toEqual([0, 1]);
    expect(JSON.parse(scene.hook.requests[0]!.body)).toMatchObject({
      msg: 'HTTP request failed with status: 503',
      monitor: { id: monitor.id, status: 0 },
      heartbeat: { monitor_id: monitor.id, status: 0, notified: true },
    });
    await expect(monitor.status()).resolves.toBe(1);
  });

  it('of a port that nobody listens on is seen and told', async () => {
    const port = await closedPort();
    const monitor = await watch({ type: 'tcp', config: JSON.stringify({ host: '127.0.0.1', port }) });

    const [first] = await monitor.seen(1);

    expect(first).toMatchObject({
      status: 0,
      notified: true,
      msg: `TCP connection failed: dial tcp 127.0.0.1:${port}: connect: connection refused`,
    });
    await called(1);
    await expect(monitor.status()).resolves.toBe(0);
  });

  it('tells again what resend_interval asks for', async () => {
    const monitor = await watch({ resend_interval: 2 });
    await monitor.seen(1);
    down(5);
    for (let i = 0; i < 5; i++) await monitor.tick();

    await called(3);
    expect((await monitor.beats()).map(({ notified }) => notified)).toEqual([false, true, false, true, false, true]);
  });

  it('survives an edit: PUT leaves the status alone, and the recovery is told', async () => {
    down(2);
    const monitor = await watch();
    await monitor.seen(1);
    const { body } = await api.get(`/monitors/${monitor.id}`);

    await expect(api.put(`/monitors/${monitor.id}`, body.data)).resolves.toMatchObject({
      body: { data: { status: 0 } },
    });
    await monitor.tick();
    await expect(monitor.status()).resolves.toBe(0);
    await monitor.tick();

    await called(2);
    expect(calls()).toEqual([0, 1]);
  });

  it('survives a reset: it is not told twice, but its end is', async () => {
    down(2);
    const monitor = await watch();
    await monitor.seen(1);
    await called(1);

    await api.post(`/monitors/${monitor.id}/reset`);
    await expect(monitor.status()).resolves.toBe(2);
    await expect(api.get(`/monitors/${monitor.id}/stats/uptime`)).resolves.toEqual(
      success({ '24h': 0, '7d': 0, '30d': 0, '365d': 0 }),
    );
    const again = await monitor.tick();
    const recovered = await monitor.tick();

    expect([again, recovered].map(short)).toEqual([
      [0, true, false, 1],
      [1, true, true, 0],
    ]);
    await called(2);
    expect(calls()).toEqual([0, 1]);
  });

  it('ends while the monitor is paused, and that is told when it is resumed', async () => {
    down(1);
    const monitor = await watch();
    await called(1);
    await api.patch(`/monitors/${monitor.id}`, { active: false });

    await api.patch(`/monitors/${monitor.id}`, { active: true });

    const beats = await monitor.seen(2);
    expect(short(beats[1]!)).toEqual([1, true, true, 0]);
    await called(2);
    expect(calls()).toEqual([0, 1]);
  });

  it('is not told to a channel that is inactive, nor to one that is gone', async () => {
    const make = async (values = {}) => {
      const { body } = await api.post('/notification-channels', webhookBody(scene.hook.url, values));
      return body.data.id as string;
    };
    const [inactive, deleted] = [await make({ active: false }), await make()];
    down(1);
    const monitor = await watch({ notification_ids: [inactive, deleted, scene.channel], active: false });
    await api.delete(`/notification-channels/${deleted}`);

    await api.patch(`/monitors/${monitor.id}`, { active: true });

    await monitor.seen(1);
    await called(1);
    await monitor.tick();
    await called(2);
    expect(calls()).toEqual([0, 1]);
  });
});

describe('when a monitor is checked', () => {
  it('within two seconds of its creation', async () => {
    const monitor = await watch();

    await monitor.seen(1, 2000);
  });

  it('never, while it is paused', async () => {
    const paused = await watch({ active: false });
    const other = await watch();
    await other.seen(1);

    await expect(paused.beats()).resolves.toEqual([]);
    expect(scene.target.requests).toHaveLength(1);
  });

  it('after retry_interval when it is pending, after interval otherwise', async () => {
    const reschedule = jest.spyOn(api.app.get(Schedule), 'reschedule');
    down(2);
    const monitor = await watch({ max_retries: 1, retry_interval: 40 });
    const [pending] = await monitor.seen(1);

    expect(pending).toMatchObject({ status: 2 });
    await eventually('the next check is moved', () => reschedule.mock.calls.length > 0);
    expect(reschedule.mock.calls).toEqual([[monitor.id, Date.parse(pending!.time) + 40_000]]);
    reschedule.mockClear();
    await expect(monitor.tick()).resolves.toMatchObject({ status: 0 });
    expect(reschedule).toHaveBeenCalledTimes(1); // the tick's own
  });

  it('again after retry_interval indeed', async () => {
    const monitor = await watch({ max_retries: 3 });
    await monitor.seen(1);
    await monitor.hasten({ retryInterval: 1 });
    down(2);
    await monitor.tick();

    const beats = await monitor.seen(4, 6000);

    expect(beats.map(({ status }) => status)).toEqual([1, 2, 2, 1]);
    for (const i of [2, 3]) {
      const pause = Date.parse(beats[i]!.time) - Date.parse(beats[i - 1]!.time);
      expect(pause).toBeGreaterThanOrEqual(1000);
      expect(pause).toBeLessThan(2000);
    }
  });

  it('once per interval, until it is paused, and at once when it is resumed', async () => {
    const monitor = await watch();
    await monitor.seen(1);
    await monitor.hasten({ interval: 1 });
    const beats = await monitor.seen(4);
    const [, second, third, fourth] = beats.map(({ time }) => Date.parse(time));
    expect(Math.abs(third! - second! - 1000)).toBeLessThan(400);
    expect(Math.abs(fourth! - third! - 1000)).toBeLessThan(400);

    await api.patch(`/monitors/${monitor.id}`, { active: false, interval: 3600 });
    const paused = (await monitor.beats()).length;
    await api.patch(`/monitors/${monitor.id}`, { active: true });

    await monitor.seen(paused + 1, 2000);
  });

  it('never twice at once, and a hanging check costs no tick after it', async () => {
    let hangs = true;
    const server = await startTcpTarget((socket) => {
      if (!hangs) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    });
    const monitor = await watch({ active: false, config: httpConfig(`http://127.0.0.1:${server.port}/`) });
    await monitor.hasten({ interval: 2, timeout: 2 });
    await api.patch(`/monitors/${monitor.id}`, { active: true });

    const [hung] = await monitor.seen(2);
    hangs = false;
    const isUp = (beats: Beat[]) => beats.at(-1)?.status === 1;
    const beats = await eventually('it is up again', () => monitor.beats(), isUp);

    expect(hung).toMatchObject({ status: 0, msg: expect.stringContaining('context deadline exceeded') });
    expect(hung!.ping).toBeGreaterThanOrEqual(1990);
    const starts = beats.map(({ time }) => Date.parse(time));
    const gaps = starts.slice(1).map((start, i) => start - starts[i]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1990);
    expect(Math.max(...gaps)).toBeLessThan(4500);
    await api.delete(`/monitors/${monitor.id}`);
    await server.close();
  });
});

describe('a check in flight', () => {
  const held = async () => {
    scene.target.answers.push('silent');
    const monitor = await watch();
    await eventually('the check is in flight', () => scene.target.requests.length > 0);
    return monitor;
  };

  it('leaves nothing when its monitor is deleted', async () => {
    const monitor = await held();

    await api.delete(`/monitors/${monitor.id}`);
    await scene.replaceTarget();

    const other = await watch();
    await other.seen(1);
    await expect(monitor.beats()).resolves.toEqual([]);
    expect(calls()).toEqual([]);
  });

  it('is stored although its monitor was paused meanwhile', async () => {
    const monitor = await held();

    await api.patch(`/monitors/${monitor.id}`, { active: false });
    await scene.replaceTarget();

    await expect(monitor.seen(1)).resolves.toMatchObject([{ status: 0 }]);
    await expect(monitor.status()).resolves.toBe(0);
  });
});
