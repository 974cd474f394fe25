import { DAY, MINUTE, Timeline } from '@app/core';
import type { CheckResult } from '@app/core';
import { MonitorsRepository } from '@app/modules/monitors/monitors.repository';
import { StatusPagesRepository } from '@app/modules/status-pages/status-pages.repository';
import { Api, useApi } from '../support/api';
import { FakeClock, NOON } from '../support/clock';
import { announce } from '../support/heartbeats';
import { useIdleEngine } from '../support/idle';
import { pushBody } from '../support/monitors';
import { sampleDocument, sampleResult } from '../support/samples';
import { pageBody } from '../support/status-pages';
import { NOBODY, NOT_FOUND, refused } from '../support/wire';

const HIDDEN = refused(404, 'Monitor not found or not public');

describe('/badge/:monitorId', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  useIdleEngine(api.app);
  const visitor = new Api(api.app);
  let count = 0;

  beforeEach(() => clock.set(NOON));
  afterEach(() => jest.restoreAllMocks());

  async function monitor({ published = true, ...values }: Record<string, unknown> = {}) {
    const name = `badge-${++count}`;
    const id = (await api.post('/monitors', pushBody(name, { name, ...values }))).body.data.id as string;
    const page = (await api.post('/status-pages', pageBody({ slug: name, published, monitor_ids: [id] }))).body.data
      .id as string;
    const get = (badge: string) => visitor.get(`/badge/${id}/${badge}`);
    const text = async (badge: string) => /aria-label="([^"]*)"/.exec((await get(badge)).body as string)?.[1];
    /** As the engine does: stored, then told. */
    const apply = async (...results: Partial<CheckResult>[]) => {
      const applied = await api.app
        .get(Timeline)
        .apply(results.map((result) => sampleResult({ monitorId: id, kind: 'push', ...result })));
      for (const { heartbeat } of applied) announce(api.app, heartbeat);
    };
    return { id, page, get, text, apply };
  }

  it('is an image that harms nobody, and may be kept as long as it is asked for anew', async () => {
    const { get } = await monitor();
    const { status, body, headers } = await get('status?style=flat-square');

    expect(status).toBe(200);
    expect(body).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]* aria-label="status: Up">[\s\S]*<\/svg>$/);
    expect(headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'cache-control': 'no-cache',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'x-content-type-options': 'nosniff',
      etag: expect.stringMatching(/^".+"$/),
    });
  });

  it.each(['status', 'uptime', 'uptime/720', 'ping', 'ping/2160', 'cert-exp', 'response'])(
    'is 404 for what is not shown to everybody: %s',
    async (badge) => {
      const paused = await monitor({ active: false });
      const unpublished = await monitor({ published: false });
      const alone = (await api.post('/monitors', pushBody(`alone-${++count}`))).body.data.id as string;

      for (const id of [paused.id, unpublished.id, alone, NOBODY, 'abc', '%00']) {
        await expect(api.get(`/badge/${id}/${badge}`)).resolves.toEqual(HIDDEN);
      }
    },
  );

  it.each(['', '/foo', '/uptime/'])('knows no badge %j', async (badge) => {
    const { id } = await monitor();

    await expect(visitor.get(`/badge/${id}${badge}`)).resolves.toEqual(NOT_FOUND);
  });

  it('ignores credentials and the letter case of the id', async () => {
    const { id } = await monitor();

    await expect(visitor.as('garbage').get(`/badge/${id.toUpperCase()}/status`)).resolves.toMatchObject({
      status: 200,
    });
  });

  it('tells N/A of what is not known', async () => {
    const { text } = await monitor();

    await expect(text('uptime')).resolves.toBe('uptime (24h): N/A');
    await expect(text('ping/721')).resolves.toBe('ping (90d): N/A');
    await expect(text('response')).resolves.toBe('response: N/A');
    await expect(text('cert-exp')).resolves.toBe('cert exp: N/A');
  });

  it('tells the figures of the window that was asked for', async () => {
    const { text, apply } = await monitor();
    await apply(
      { startedAt: NOON - 40 * DAY, status: 'down' },
      { startedAt: NOON - 5 * DAY, status: 'up', latencyMs: 100 },
      { startedAt: NOON - 4 * DAY, status: 'maintenance', latencyMs: 900 },
      { startedAt: NOON - 10 * MINUTE, status: 'up', latencyMs: 40 },
      { startedAt: NOON - 5 * MINUTE, status: 'up', latencyMs: 51 },
    );

    await expect(text('uptime')).resolves.toBe('uptime (24h): 100.0%');
    await expect(text('uptime/25')).resolves.toBe('uptime (30d): 100.0%');
    await expect(text('uptime/2160')).resolves.toBe('uptime (90d): 75.0%');
    await expect(text('ping')).resolves.toBe('ping (24h): 46ms');
    await expect(text('ping/720')).resolves.toBe('ping (30d): 64ms');
    await expect(text('response')).resolves.toBe('response: 51ms');
    await expect(text('uptime/24?label=up&prefix=~&suffix=')).resolves.toBe('up (24h): ~100.0%');
  });

  it('counts the days of a certificate at the moment that it is asked for', async () => {
    const { text, apply } = await monitor();
    const document = sampleDocument({ validTo: '2026-12-06T12:00:00Z' });
    await apply({ certificate: { document, notifyAtDays: [] } });

    await expect(text('cert-exp')).resolves.toBe('cert exp: 12d');
    clock.advance(11.5 * DAY);
    await expect(text('cert-exp?prefix=in%20')).resolves.toBe('cert exp: in 0d');
    clock.advance(0.6 * DAY);
    await expect(text('cert-exp')).resolves.toBe('cert exp: Expired');
  });

  it('escapes texts and takes no colours that are none', async () => {
    const { get } = await monitor();
    const evil = encodeURIComponent('"><script>alert(1)</script>');
    const { body } = await get(`status?label=${evil}&upLabel=${evil}&color=${evil}&labelColor=${evil}&upColor=${evil}`);

    expect(body).not.toContain('<script');
    expect(body).toContain('fill="#555"');
    expect(body).toContain('fill="#4c1"');
    expect((await get('status?color=4c1&labelColor=red')).body).toMatch(/fill="red"[\s\S]*fill="#4c1"/);
  });

  it('answers 304 to those who have it', async () => {
    const { id, apply } = await monitor();
    const { headers } = await visitor.get(`/badge/${id}/status`);
    const again = visitor.with({ 'if-none-match': headers.etag! });

    await expect(again.get(`/badge/${id}/status`)).resolves.toEqual({ status: 304, body: '' });
    await apply({ status: 'down' });
    await expect(again.get(`/badge/${id}/status`)).resolves.toMatchObject({
      status: 200,
      body: expect.stringContaining('status: Down'),
    });
  });

  it('costs no database read until something happens to the monitor, and shows at once what did', async () => {
    const { id, page, text, get, apply } = await monitor();
    const badges = ['status', 'uptime', 'ping/720', 'cert-exp', 'response'];
    const all = () => Promise.all(badges.map(text));
    await apply({ status: 'up', latencyMs: 40 });
    const before = await all();
    const timeline = api.app.get(Timeline);
    const reads = (['uptime', 'series', 'newest', 'certificate', 'states'] as const).map((name) =>
      jest.spyOn(timeline, name),
    );
    const others = [
      jest.spyOn(api.app.get(MonitorsRepository), 'findById'),
      jest.spyOn(api.app.get(StatusPagesRepository), 'isPublic'),
    ];

    for (let i = 0; i < 3; i++) await expect(all()).resolves.toEqual(before);
    for (const spy of [...reads, ...others]) expect(spy).not.toHaveBeenCalled();

    await apply({ startedAt: NOON + MINUTE, status: 'down', latencyMs: 7 });
    await expect(all()).resolves.toEqual([
      'status: Down',
      'uptime (24h): 50.0%',
      'ping (30d): 40ms',
      'cert exp: N/A',
      'response: 7ms',
    ]);

    await api.patch(`/status-pages/${page}`, { published: false });
    await expect(get('status')).resolves.toEqual(HIDDEN);
    await api.patch(`/status-pages/${page}`, { published: true });
    await expect(get('status')).resolves.toMatchObject({ status: 200 });
    await api.patch(`/monitors/${id}`, { active: false });
    await expect(get('status')).resolves.toEqual(HIDDEN);
    await api.patch(`/monitors/${id}`, { active: true });
    await api.delete(`/status-pages/${page}`);
    await expect(get('status')).resolves.toEqual(HIDDEN);
  });
});
