import { DAY, EventBus, HOUR, Store, Timeline, bucketStart } from '@app/core';
import type { Period } from '@app/core';
import { Monitor } from '@app/modules/monitors';
import { DataSource } from 'typeorm';
import { useApi } from '../../support/api';
import { FakeClock, NOON } from '../../support/clock';
import { useIdleEngine } from '../../support/idle';
import { pushBody } from '../../support/monitors';
import { loadExchanges, replay } from '../../support/replay';
import type { Case, Exchange } from '../../support/replay';
import { sampleDocument, sampleResult } from '../../support/samples';
import { pageBody } from '../../support/status-pages';

const FILE = 'badges.json';
const MAIN = 'd559e06e-c37c-41a9-8aca-232d9e6f8c61';
const WITHOUT_DATA = '55e6f8ab-2a30-4e04-b8a9-a25946dd33ec';
const SELF_SIGNED = '841ccc95-531b-4557-baeb-048d8ea6eb0f';
const PAUSED = 'd30ef5fc-4918-48fd-8e17-6e79d82a5736';
const ON_NO_PAGE = '18f2b6b5-50c5-49ec-8afc-27cd9603070d';
const UNPUBLISHED = '2fbee8fc-f846-4cff-86b4-9b96d415d796';
const NO_MONITOR = { message: 'Monitor not found or not public', data: null };
const EMPTY = { message: 'Not found', data: null };

/** Beats of a bucket; the latency is the mean of those that were up. */
interface Row {
  period: Period;
  start: number;
  up: number;
  down: number;
  latency: number;
}

/** The figures of the three windows that durations are asked for. */
const WINDOWS: Row[] = [
  { period: 'hour', start: NOON - HOUR, up: 99, down: 1, latency: 10 },
  { period: 'day', start: bucketStart(NOON - 2 * DAY, 'day'), up: 745, down: 255, latency: 13 },
  { period: 'day', start: bucketStart(NOON - 60 * DAY, 'day'), up: 315, down: 685, latency: 19.73 },
];
const STATUSES: Record<string, number> = { up: 1, down: 0, pending: 2, maintenance: 3 };

describe(FILE, () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  useIdleEngine(api.app);
  const known: Record<string, string> = {};

  beforeAll(async () => {
    const create = async (recorded: string, values: object = {}) => {
      const body = pushBody(`token-${recorded}`, { name: recorded, interval: 3600, timeout: 16, ...values });
      known[recorded] = (await api.post('/monitors', body)).body.data.id as string;
      return known[recorded];
    };
    const shown = [await create(MAIN), await create(WITHOUT_DATA), await create(SELF_SIGNED)];
    await create(ON_NO_PAGE);
    await api.post('/status-pages', pageBody({ monitor_ids: [...shown, await create(PAUSED, { active: false })] }));
    const hidden = { slug: 'hidden', published: false, monitor_ids: [await create(UNPUBLISHED)] };
    await api.post('/status-pages', pageBody(hidden));
    await api.app.get(Timeline).apply([sampleResult({ monitorId: known[MAIN], startedAt: NOON - 200 * DAY })]);
  });

  /** What is written past the server it cannot know. */
  const changed = () => api.app.get(EventBus).publish('messages.lost', {});

  const setStatus = async (status: number) => {
    await api.app.get(Store).collection(Monitor).update({ id: known[MAIN] }, { status });
    changed();
  };

  const setHistory = async (...rows: Row[]) => {
    const database = api.app.get(DataSource);
    const [state] = await database.query<{ monitor_key: number }[]>(
      'SELECT monitor_key FROM monitor_states WHERE monitor_id = ?',
      [known[MAIN]],
    );
    const key = state!.monitor_key;
    for (const period of ['minute', 'hour', 'day']) {
      await database.query(`DELETE FROM series_${period} WHERE monitor_key = ?`, [key]);
    }
    for (const { period, start, up, down, latency } of rows) {
      const values = [key, start, up, down, 0, Math.round(latency * up), 0, 0];
      await database.query(`INSERT INTO series_${period} VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, values);
    }
    changed();
  };

  const lastHour = (up: number, down: number, latency: number): Row => {
    return { period: 'hour', start: NOON - HOUR, up, down, latency };
  };

  const setCertificate = async (recorded: string, days: number) => {
    const validTo = new Date(NOON + days * DAY + HOUR).toISOString();
    const certificate = { document: sampleDocument({ validTo, fingerprint256: validTo }), notifyAtDays: [] };
    clock.advance(1);
    const result = sampleResult({ monitorId: known[recorded], startedAt: clock.now(), latencyMs: 128, certificate });
    await api.app.get(Timeline).apply([result]);
    changed();
  };

  /** How things stood, as the name of the exchange tells. */
  const seedFor = ({ name, request }: Exchange): (() => Promise<void>) | undefined => {
    const [, status, number] = /^status (up|down|pending|maintenance|unknown value (\d+))/.exec(name) ?? [];
    if (status) return () => setStatus(number ? Number(number) : STATUSES[status]!);
    if (/^style|^color|colour|label|empty values|parameter names|prefix and suffix do not/.test(name)) {
      if (request.path.includes('/status')) return () => setStatus(1);
    }
    const [, up, down] = /^uptime (\d+) up (\d+) down/.exec(name) ?? [];
    if (up) return () => setHistory(lastHour(Number(up), Number(down), 1));
    const [, average] = /^ping average ([\d.]+)/.exec(name) ?? [];
    if (average) return () => setHistory(lastHour(10, 0, Number(average)));
    if (/duration|uptime with suffix|ping with suffix/.test(name)) return () => setHistory(...WINDOWS);
    const [, days] = /^cert-exp (-?\d+) days/.exec(name) ?? [];
    if (days) return () => setCertificate(MAIN, Number(days));
    if (name.startsWith('cert-exp of the live')) return () => setCertificate(SELF_SIGNED, 29);
    if (name.startsWith('response ') && !name.includes('without')) return () => setCertificate(MAIN, 83);
    return undefined;
  };

  const withChange = (why: string, change: (svg: string) => string): Case => ({
    why,
    response: ({ body }) => ({ body: change(body as string) }),
  });
  const skipped = (why: string): Case => ({ why, skip: true });
  const notAvailable = skipped('ours: N/A, in badges.e2e.spec.ts');

  const special: Record<string, Case> = {
    'bare hex colour is inserted verbatim': withChange('ours: with the # that was missing', (svg) =>
      svg.replace('"4c1"', '"#4c1"').replace('"abc"', '"#abc"'),
    ),
    'invalid colour is inserted verbatim': withChange('ours: the default instead', (svg) =>
      svg.replace('""><script>alert(1)</script>"', '"#4c1"'),
    ),
    'uptime without data': notAvailable,
    'ping without data': notAvailable,
    'response without data': notAvailable,
    'cert-exp without certificate (SQL)': notAvailable,
    'monitor on an unpublished status page': {
      why: 'ours: only published pages count',
      response: { status: 404, body: NO_MONITOR },
    },
    'empty id': { why: 'ours: an empty segment is no route', response: { status: 404, body: EMPTY } },
  };

  const cases: Record<string, Case> = {};
  for (const exchange of loadExchanges(FILE) ?? []) {
    const before = seedFor(exchange);
    const own = special[exchange.name];
    if (own ?? before) cases[exchange.name] = { why: 'as it stood then', ...(before && { before }), ...own };
  }

  replay(FILE, { server: api.app, cases, known: () => known });
});
