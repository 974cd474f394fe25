import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { DAY, EventBus, Store } from '@app/core';
import { Setting } from '@app/modules/settings';
import { useApi } from '../support/api';
import { Watched, httpConfig } from '../support/engine';
import { eventually } from '../support/eventually';
import { webhookBody } from '../support/monitors';
import { HttpSink } from '../support/sinks/http-sink';
import { selfSigned } from '../support/targets';
import type { Identity } from '../support/targets';
import { listen } from '../support/targets/listening';
import type { Listening } from '../support/targets';

const KEY = 'cert_expiry_notify_days';

describe('certificates', () => {
  const api = useApi();
  let hook: HttpSink;
  let server: Server;
  let listening: Listening;
  let channel = '';

  beforeAll(async () => {
    hook = await HttpSink.start();
    server = createServer(await expiringIn(100), (_request, response) => response.end('ok'));
    listening = await listen(server);
    channel = (await api.post('/notification-channels', webhookBody(hook.url))).body.data.id as string;
  });
  afterAll(() => Promise.all([hook.stop(), listening.close()]));
  beforeEach(() => hook.reset());
  afterEach(() => setThresholds('[7,14,21]'));

  function expiringIn(days: number): Promise<Identity> {
    // An hour more, so that whole days are counted the same for the length of a test.
    const [from, to] = [Date.now() - 30 * DAY, Date.now() + days * DAY + DAY / 24];
    return selfSigned({ commonName: 'shop.example.org', notBefore: new Date(from), notAfter: new Date(to) });
  }
  const serve = async (days: number) => server.setSecureContext(await expiringIn(days));
  const watch = (values: object = {}) =>
    Watched.create(api, {
      type: 'http',
      name: 'Shop',
      notification_ids: [channel],
      config: httpConfig(`https://127.0.0.1:${listening.port}/`, {
        ignore_tls_errors: true,
        check_cert_expiry: true,
        ...values,
      }),
    });
  const texts = () => hook.requests.map(({ body }) => (JSON.parse(body) as { msg: string }).msg);
  const told = (count: number) => eventually(`${count} messages`, texts, (seen) => seen.length >= count);
  async function setThresholds(value: string) {
    const settings = api.app.get(Store).collection(Setting);
    await settings.delete({ key: KEY });
    await settings.insert({ key: KEY, value, type: 'json' });
    api.app.get(EventBus).publish('setting.changed', { key: KEY });
  }

  it('are stored with the check that saw them', async () => {
    await serve(40);
    const monitor = await watch();
    await monitor.seen(1);

    const { body } = await api.get(`/monitors/${monitor.id}/tls`);

    expect(body.data).toMatchObject({
      valid: false, // nobody verified it
      certInfo: { certType: 'self-signed', daysRemaining: 40, validFor: ['localhost', '127.0.0.1'] },
    });
    expect(texts()).toEqual([]);
  });

  it('are stored although they were refused, and the monitor is down', async () => {
    await serve(40);
    const monitor = await watch({ ignore_tls_errors: false, check_cert_expiry: false });
    const [beat] = await monitor.seen(1);

    expect(beat).toMatchObject({ status: 0, msg: expect.stringContaining('certificate signed by unknown authority') });
    await expect(api.get(`/monitors/${monitor.id}/tls`)).resolves.toMatchObject({
      body: { data: { valid: false, certInfo: { daysRemaining: 40 } } },
    });
  });

  it('are announced once per threshold: the smallest that applies, without a heartbeat', async () => {
    await serve(20);
    const monitor = await watch();
    await monitor.seen(1);
    await told(1);
    await monitor.tick();

    expect(texts()).toEqual([
      expect.stringMatching(
        /^🚨 Certificate Expiry Warning\n\nMonitor: Shop\nCertificate: shop\.example\.org \(self-signed\)\nExpires in: 20 days\nValid until: .*\nNotification threshold: 21 days\nValid for: localhost \(\+1 more\)\nIssuer: CN=shop\.example\.org,O=Shop Ltd,C=NL$/,
      ),
    ]);
    expect(JSON.parse(hook.requests[0]!.body)).toMatchObject({ heartbeat: null, monitor: { id: monitor.id } });
  });

  it('first seen late are announced once, not once per threshold', async () => {
    await serve(5);
    const monitor = await watch();
    await monitor.seen(1);
    await told(1);
    await monitor.tick();

    expect(texts()).toEqual([expect.stringContaining('Notification threshold: 7 days')]);
  });

  it('are announced anew when they were replaced', async () => {
    await serve(5);
    const monitor = await watch();
    await told(1);

    await serve(13);
    await monitor.tick();
    await told(2);

    expect(texts()[1]).toContain('Notification threshold: 14 days');
  });

  it('are announced once more when they have expired', async () => {
    await serve(-1);
    const monitor = await watch();
    await told(1);
    await monitor.tick();

    expect(texts()).toEqual([expect.stringMatching(/^🚨 Certificate Expired\n\nMonitor: Shop\n/)]);
  });

  it.each([
    ['the monitor does not ask for it', { check_cert_expiry: false }, '[7,14,21]'],
    ['the setting is an empty list', {}, '[]'],
  ])('are not announced when %s', async (_, values, thresholds) => {
    await setThresholds(thresholds);
    await serve(5);
    const monitor = await watch(values);
    await monitor.seen(1);
    await monitor.tick();

    expect(texts()).toEqual([]);
  });

  it("obey thresholds of one's own", async () => {
    await setThresholds('[3]');
    await serve(5);
    const early = await watch();
    await early.seen(1);
    await serve(2);
    await early.tick();

    await told(1);
    expect(texts()).toEqual([expect.stringContaining('Notification threshold: 3 days')]);
  });
});
