import { Delivery, EventBus, SECOND, Store, Timeline } from '@app/core';
import type { CheckResult } from '@app/core';
import { MonitorsRepository, rulesOf } from '@app/modules/monitors';
import { Api, useApi } from '../../support/api';
import { FakeClock } from '../../support/clock';
import { eventually } from '../../support/eventually';
import { useIdleEngine } from '../../support/idle';
import { monitorBody, pushBody, webhookBody } from '../../support/monitors';
import { HttpSink } from '../../support/sinks/http-sink';
import { checksOf, eventsOf, loadScenarios, notationOf, oursOf, spellOut } from './scenario';
import type { Event, Scenario } from './scenario';

/** When push monitors are looked at, s after their creation, as in the recording. */
const FIRST_TICK = 13.5;

interface Ours {
  /** Beats in short notation; default as recorded, without the notification of a first UP. */
  beats?: string;
  /** Statuses in the calls of the webhook; default those of the beats that are notified. */
  calls?: number[];
  events?: (scenario: Scenario) => Event[];
  /** Push monitors are looked at until then, s. */
  until?: number;
}

const reset = (t: number): Event => ({ kind: 'reset', t });

/** Where ours differs by more than the first UP. */
const OURS: Record<string, Ours> = {
  'push-status-0-retries-2': { beats: '1I 2r1 2r2 0INr3 0r4 1IN' },
  'push-statuses': {
    beats: '1I 0INr1 0r2 1IN 2 1I 3 1 1',
    events: (scenario) =>
      eventsOf(scenario).map((event) =>
        event.kind === 'push' && event.query.includes('status=7') ? { ...event, answer: 400 } : event,
      ),
  },
  'push-never-retries-1': { beats: '2Ir1 0INr2 0r3', until: 74 },
  'push-never': { beats: '0INr1 0r2 0r3', until: 74 },
  'push-paused': { beats: '1I 0INr1', until: 74 },
  'push-exactly-every-interval': { beats: '1I 1 1 1 1 1', until: 101 },
  'push-every-10s-then-stops': { beats: '1I 1 1 1 1 1 0INr1 0r2 0r3', until: 114 },
  'reset-while-down': {
    events: () => [...checksOf('ud', 0.9), reset(25), ...checksOf('ddu', 40.9)],
    beats: '0Ir1 0r2 1IN',
    calls: [0, 1],
  },
  'down-then-maintenance-then-up': { beats: '1I 0INr1 3 3 1N 1' },
  'down-then-maintenance-then-still-down': { beats: '1I 0INr1 3 3 0r1 1IN 1' },
  'maintenance-goes-down-inside-ends-while-down': { beats: '1I 3 3 0Nr1 0r2 0r3 1IN 1' },
  'down-from-start-retries-2': { beats: '2Ir1 2r2 0INr3 0r4 1IN 1' },
  'down-from-start-retries-3': { beats: '2Ir1 2r2 2r3 0INr4 0r5 1IN' },
  'resend-2-retries-3': { beats: '1I 2r1 2r2 2r3 0INr4 0r5d1 0Nr6 0r7d1 1IN' },
  'channel-inactive': { calls: [] },
  'maintenance-from-first-beat': {
    events: () => [...checksOf('u', 0.9), reset(1.3), ...checksOf('mmuu', 15)],
    beats: '3I 3 1 1',
  },
  'docker-starting-after-down': { events: () => checksOf('udpupu', 0.9), beats: '1I 0INr1 2 1IN 2 1I' },
};

const ELSEWHERE: Record<string, string> = {
  'delete-during-check': 'engine.e2e: the result of a deleted monitor is discarded',
  'create-inactive': 'engine.e2e: a paused monitor is never checked',
  'push-in-maintenance': 'engine-maintenance.e2e: pushes inside a window are maintenance; grace afterwards',
};

describe('engine-timelines.json', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  const anyone = new Api(api.app);
  useIdleEngine(api.app); // outcomes are handed over instead of checked
  let sink: HttpSink;
  beforeAll(async () => void (sink = await HttpSink.start()));
  afterAll(() => sink.stop());

  async function play(scenario: Scenario, { events = eventsOf, until = 0 }: Ours) {
    clock.advance(3600 * SECOND);
    await api.renew();
    const start = clock.now();
    const channel = webhookBody(`${sink.url}/${scenario.name}`);
    const channelId = (await api.post('/notification-channels', channel)).body.data.id as string;
    const { type, ...settings } = scenario.monitor!;
    const common = { ...settings, name: scenario.name, notification_ids: [channelId], active: true };
    const body = type === 'push' ? pushBody(scenario.name, common) : monitorBody(common);
    const created = await api.post('/monitors', body);
    expect(created.status).toBe(201);
    const id = created.body.data.id as string;
    const monitors = api.app.get(MonitorsRepository);

    const hand = async (result: Partial<CheckResult>) => {
      const monitor = (await monitors.findById(id))!;
      const now = clock.now();
      const moment = { startedAt: now, endedAt: now, latencyMs: 0, nonce: 0 };
      const rules = rulesOf(monitor);
      const whole = { kind: 'check', status: 'down', message: '', ...moment, ...result, monitorId: id, rules } as const;
      const applied = await api.app.get(Timeline).apply([whole]);
      if (applied.some(({ announced }) => announced)) api.app.get(EventBus).publish('deliveries.waiting', {});
    };
    const look = async () => {
      const monitor = (await monitors.findById(id))!;
      if (monitor.active) await hand({ kind: 'missed-push', graceFrom: monitor.activeSince.getTime() });
    };
    const run = async (event: Event): Promise<void> => {
      switch (event.kind) {
        case 'check':
          return hand({ status: event.status, message: event.message });
        case 'push': {
          const { status } = await anyone.get(`/push/${scenario.name}${event.query}`);
          return expect(status).toBe(event.answer);
        }
        case 'patch': {
          const { status } = await api.patch(`/monitors/${id}`, event.body);
          return expect(status).toBe(event.answer);
        }
        case 'reset':
          return void (await api.post(`/monitors/${id}/reset`));
        case 'put':
          return void (await api.put(`/monitors/${id}`, body));
        case 'silence':
          return void (await api.patch(`/notification-channels/${channelId}`, { active: false }));
      }
    };
    const todo = events(scenario).map((event) => ({ t: event.t, act: () => run(event) }));
    for (let t = FIRST_TICK; t <= until; t += settings.interval) todo.push({ t, act: look });
    for (const { t, act } of todo.sort((a, b) => a.t - b.t)) {
      clock.set(start + Math.round(t * SECOND));
      await act();
    }
    return id;
  }

  const scenarios = loadScenarios();
  if (!scenarios) {
    it.skip('set EXCHANGES_DIR to the folder of the recorded exchanges to replay them', () => undefined);
    return;
  }

  it.each(scenarios.filter(({ name }) => !(name in ELSEWHERE)).map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (name, scenario) => {
      const ours = OURS[name] ?? {};
      const expected = ours.beats === undefined ? oursOf(scenario) : spellOut(ours.beats);

      const id = await play(scenario, ours);

      const { body } = await api.get(`/monitors/${id}/heartbeats?reverse=true`);
      expect(body.data.map(notationOf)).toEqual(expected);
      const calls = ours.calls ?? expected.filter((beat) => beat.includes('N')).map((beat) => Number(beat[0]));
      await eventually('every message is sent', () =>
        api.app
          .get(Store)
          .collection(Delivery)
          .count({ monitorId: id, state: 'waiting' })
          .then((left) => left === 0),
      );
      expect(callsOf(sink, name)).toEqual(calls);
      const statuses = expected.map((beat) => Number(beat[0]));
      await expect(api.get(`/monitors/${id}`)).resolves.toMatchObject({ body: { data: { status: statuses.at(-1) } } });
      await expect(api.get(`/monitors/${id}/stats/uptime`)).resolves.toMatchObject({
        body: { data: { '24h': uptimeOf(statuses) } },
      });
    },
  );

  it.each(scenarios.filter(({ name }) => name in ELSEWHERE).map(({ name }) => name))(
    '%s is tried elsewhere',
    (name) => {
      expect(ELSEWHERE[name]).toBeTruthy();
    },
  );

  it('knows every scenario that it treats specially', () => {
    const names = new Set(scenarios.map(({ name }) => name));
    expect([...Object.keys(OURS), ...Object.keys(ELSEWHERE)].filter((name) => !names.has(name))).toEqual([]);
  });
});

function callsOf(sink: HttpSink, name: string): number[] {
  return sink.requests
    .filter(({ path }) => path === `/${name}`)
    .map(({ body }) => (JSON.parse(body) as { heartbeat: { status: number } }).heartbeat.status);
}

/** up / (up + down), pending as down. */
function uptimeOf(statuses: readonly number[]): number {
  const up = statuses.filter((status) => status === 1).length;
  const down = statuses.filter((status) => status === 0 || status === 2).length;
  return up + down === 0 ? 0 : (up / (up + down)) * 100;
}
