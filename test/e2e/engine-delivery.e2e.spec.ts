import { DAY, Delivery, EventBus, MINUTE, SECOND, Store, Timeline } from '@app/core';
import { useApi } from '../support/api';
import { FakeClock } from '../support/clock';
import { eventually } from '../support/eventually';
import { useIdleEngine } from '../support/idle';
import { monitorBody, webhookBody } from '../support/monitors';
import { sampleResult } from '../support/samples';
import { HttpSink } from '../support/sinks/http-sink';

/** How far ahead the notifier puts what it sends just now. */
const IN_HAND_MS = MINUTE;

const clock = new FakeClock();
const api = useApi({ clock });
useIdleEngine(api.app);
let sink: HttpSink;

beforeAll(async () => void (sink = await HttpSink.start()));
afterAll(() => sink.stop());
beforeEach(async () => {
  await deliveries().delete({ state: 'waiting' });
  clock.advance(MINUTE);
  sink.reset();
});

const deliveries = () => api.app.get(Store).collection(Delivery);
const wake = () => api.app.get(EventBus).publish('deliveries.waiting', {});
const requests = (count: number) =>
  eventually(
    `${count} requests`,
    () => sink.requests,
    (seen) => seen.length >= count,
  );

async function outage(channel: Record<string, unknown> = {}, changes: Record<string, unknown> = {}) {
  await api.renew();
  const body = webhookBody(sink.url, channel);
  const channelId = (await api.post('/notification-channels', body)).body.data.id as string;
  const monitor = await api.post('/monitors', monitorBody({ notification_ids: [channelId], ...changes }));
  const monitorId = monitor.body.data.id as string;
  const beat = async (status: 'up' | 'down') => {
    clock.advance(SECOND);
    const rules = { maxRetries: 0 };
    await api.app.get(Timeline).apply([sampleResult({ monitorId, status, startedAt: clock.now(), rules })]);
    wake();
  };
  const outcome = (wanted: string) =>
    eventually(
      `the message is ${wanted}`,
      () => deliveries().find({ where: { monitorId }, order: { createdAt: 'asc' } }),
      (found) => found.length > 0 && found.every(({ state }) => state === wanted),
    );
  const attempts = (count: number) =>
    eventually(
      `${count} attempts have failed`,
      () => deliveries().find({ where: { monitorId } }),
      ([first]) => {
        if (first?.attempts !== count || first.lastError === null) return false;
        const pause = first.dueAt.getTime() - clock.now();
        return pause > 0 && pause !== IN_HAND_MS;
      },
    );
  return { monitorId, channelId, beat, outcome, attempts };
}

describe('a message', () => {
  it.each([
    [{}, '[hidden]'],
    [{ webhook_include_secrets: true }, 'open sesame'],
  ])('of a monitor with a password, shows it only to a channel that asked: %j', async (settings, shown) => {
    const http = { url: 'http://127.0.0.1:9/', method: 'GET', encoding: 'json', accepted_statuscodes: ['2XX'] };
    const config = { ...http, authMethod: 'basic', basic_auth_user: 'ops', basic_auth_pass: 'open sesame' };
    const channel = { webhook_url: sink.url, webhook_content_type: 'json', ...settings };
    const { beat, outcome } = await outage(
      { config: JSON.stringify(channel) },
      { type: 'http', config: JSON.stringify(config) },
    );

    await beat('down');

    await outcome('delivered');
    const { monitor } = JSON.parse(sink.requests[0]!.body) as { monitor: { config: string } };
    expect(JSON.parse(monitor.config)).toEqual({ ...config, basic_auth_pass: shown });
  });

  it('is sent once, with a key of its own, and logged as delivered', async () => {
    const { beat, outcome } = await outage();

    await beat('down');

    const [delivered] = await outcome('delivered');
    expect(sink.requests).toHaveLength(1);
    expect(sink.requests[0]!.headers['idempotency-key']).toBe(delivered!.id);
    expect(delivered).toMatchObject({ kind: 'down', attempts: 1, lastError: null, finishedAt: new Date(clock.now()) });
  });

  it('is sent again while the receiver fails, later each time, with the same key', async () => {
    const { beat, attempts, outcome } = await outage();
    sink.answers.push({ status: 500 }, { status: 503 });

    await beat('down');
    const pauses: number[] = [];
    for (const attempt of [1, 2]) {
      const [waiting] = await attempts(attempt);
      pauses.push(waiting!.dueAt.getTime() - clock.now());
      clock.set(waiting!.dueAt.getTime());
      wake();
    }
    await outcome('delivered');

    expect(pauses[0]).toBeGreaterThanOrEqual(5 * SECOND);
    expect(pauses[0]).toBeLessThanOrEqual(5.5 * SECOND);
    expect(pauses[1]).toBeGreaterThanOrEqual(10 * SECOND);
    expect(pauses[1]).toBeLessThanOrEqual(11 * SECOND);
    const keys = sink.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });

  it('waits as long as the receiver asks for', async () => {
    const { beat, attempts } = await outage();
    sink.answers.push({ status: 429, headers: { 'retry-after': '120' } });

    await beat('down');

    const [waiting] = await attempts(1);
    expect(waiting!.dueAt.getTime() - clock.now()).toBe(120 * SECOND);
    expect(waiting!.lastError).toBe('webhook returned status 429: ok');
  });

  it('is given up at once when the receiver refuses it', async () => {
    const { beat, outcome } = await outage();
    sink.answers.push({ status: 400, body: 'no such hook' });

    await beat('down');

    await expect(outcome('dead')).resolves.toMatchObject([
      { attempts: 1, lastError: 'webhook returned status 400: no such hook' },
    ]);
  });

  it('is given up after a day', async () => {
    const { beat, attempts, outcome } = await outage();
    sink.answers.push({ status: 500 }, { status: 500, body: 'still down' });

    await beat('down');
    await attempts(1);
    clock.advance(DAY);
    wake();

    await expect(outcome('dead')).resolves.toMatchObject([
      { attempts: 2, lastError: 'webhook returned status 500: still down' },
    ]);
  });

  it('waits for the one before it, so that a receiver sees them in order', async () => {
    const { beat, attempts, outcome } = await outage();
    sink.answers.push({ status: 500 });
    await beat('down');
    const [first] = await attempts(1);

    await beat('up');
    clock.set(first!.dueAt.getTime());
    wake();
    await outcome('delivered');

    const statuses = sink.requests.map(({ body }) => (JSON.parse(body) as { heartbeat: { status: number } }).heartbeat);
    expect(statuses.map(({ status }) => status)).toEqual([0, 0, 1]);
  });

  it('waits for no other channel', async () => {
    const slow = await outage();
    const quick = await outage();
    sink.answers.push('silent');
    await slow.beat('down');
    await requests(1);

    await quick.beat('down');

    await quick.outcome('delivered');
    await expect(deliveries().find({ where: { monitorId: slow.monitorId } })).resolves.toMatchObject([
      { state: 'waiting' },
    ]);
    await api.delete(`/monitors/${slow.monitorId}`);
  });

  it('is not sent twice when the clock jumps while it is being sent', async () => {
    const { beat } = await outage();
    sink.answers.push('silent');
    await beat('down');
    await requests(1);

    clock.advance(10 * MINUTE);
    const other = await outage();
    await other.beat('down');
    await other.outcome('delivered');

    expect(sink.requests).toHaveLength(2);
  });

  it.each(['channel', 'monitor'])('is dropped when its %s is gone', async (gone) => {
    const { beat, attempts, outcome, channelId, monitorId } = await outage();
    sink.answers.push({ status: 500 });
    await beat('down');
    const [waiting] = await attempts(1);

    await api.delete(gone === 'channel' ? `/notification-channels/${channelId}` : `/monitors/${monitorId}`);
    clock.set(waiting!.dueAt.getTime());
    wake();

    await outcome('dropped');
    expect(sink.requests).toHaveLength(1);
  });

  it('is dropped when its channel was made inactive', async () => {
    const { beat, attempts, outcome, channelId } = await outage();
    sink.answers.push({ status: 500 });
    await beat('down');
    const [waiting] = await attempts(1);

    await api.patch(`/notification-channels/${channelId}`, { active: false });
    clock.set(waiting!.dueAt.getTime());
    wake();

    await outcome('dropped');
  });

  it('goes to each channel once', async () => {
    const { beat, outcome, monitorId, channelId } = await outage();
    const second = await api.post('/notification-channels', webhookBody(`${sink.url}/second`));
    await api.patch(`/monitors/${monitorId}`, { notification_ids: [channelId, second.body.data.id] });

    await beat('down');
    await outcome('delivered');

    expect(sink.requests.map(({ path }) => path).sort()).toEqual(['/', '/second']);
  });
});
