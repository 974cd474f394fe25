// One database of one engine, measured from inside a process of its own: orders come over IPC, and so do the figures.
import 'reflect-metadata';
import { Clock, DAY, HOUR, MINUTE, SECOND, Store, SystemClock, Timeline, loadEnv } from '@app/core';
import type { CheckResult, DatabaseType } from '@app/core';
import { ENTITIES } from '@app/modules/entities';
import { Monitor, MonitorNotification } from '@app/modules/monitors';
import { NotificationChannel } from '@app/modules/notification-channels';
import { PersistenceModule, loadEngine } from '@app/persistence';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { bareTable } from './storage-bare';
import { seed } from './storage-seed';

const MONITORS = 500;
/** Beats of a monitor that is checked once a minute for two weeks: 10,000,000 of all. Shorter histories are as long, but thinner. */
const FULL_HISTORY = 20_000;
const BATCH = 100;
/** One result in a hundred changes the state of its monitor, which the channel is told. */
const CHANGE_EVERY = 100;
const RULES = { maxRetries: 0, resendInterval: 0, intervalSeconds: 60, retryIntervalSeconds: 60 };

@Global()
@Module({ providers: [{ provide: Clock, useClass: SystemClock }], exports: [Clock] })
class ClockModule {}

const env = loadEnv(process.env);
const engine: DatabaseType = env.DB_TYPE;
const url = process.env.BENCH_DATABASE_URL!;

interface Ports {
  store: Store;
  timeline: Timeline;
  ids: string[];
  close(): Promise<void>;
}

let ports: Promise<Ports> | undefined;

async function open(): Promise<Ports> {
  @Module({ imports: [ClockModule, await PersistenceModule.forRoot(env, ENTITIES)] })
  class BenchModule {}
  const app = await NestFactory.createApplicationContext(BenchModule, { logger: ['error'] });
  const store = app.get(Store);
  const monitors = store.collection(Monitor);
  if ((await monitors.count()) === 0) await createMonitors(store);
  const ids = (await monitors.find({ order: { id: 'asc' } })).map(({ id }) => id);
  return { store, timeline: app.get(Timeline), ids, close: () => app.close() };
}

/** Each tells one channel. */
async function createMonitors(store: Store): Promise<void> {
  const fixed = { type: 'webhook', active: true, isDefault: false, config: '{}' };
  const channel = await store.collection(NotificationChannel).insert({ name: 'Bench', ...fixed });
  const times = { interval: 60, timeout: 16, maxRetries: 0, retryInterval: 60, resendInterval: 0 };
  await store.transaction(async () => {
    for (let i = 0; i < MONITORS; i++) {
      const { id } = await store.collection(Monitor).insert({
        ...times,
        type: 'http',
        name: `Monitor ${i}`,
        active: true,
        status: 1,
        config: '{"url":"http://127.0.0.1:9/"}',
        pushToken: null,
        proxyId: null,
        activeSince: new Date(),
      });
      await store.collection(MonitorNotification).insert({ monitorId: id, channelId: channel.id, position: 0 });
    }
  });
}

/** The n-th result: every monitor in turn, its beats a minute apart. */
function resultOf(ids: readonly string[], n: number, from: number): CheckResult {
  const round = Math.floor(n / ids.length);
  const startedAt = from + round * MINUTE + (n % ids.length);
  const isDown = n % CHANGE_EVERY === CHANGE_EVERY - 1;
  const latencyMs = 10 + ((n * 7) % 50);
  return {
    kind: 'check',
    monitorId: ids[n % ids.length]!,
    status: isDown ? 'down' : 'up',
    message: isDown ? 'connect ECONNREFUSED 127.0.0.1:9' : '200 - 200 OK',
    startedAt,
    endedAt: startedAt + latencyMs,
    latencyMs,
    nonce: 0,
    rules: RULES,
  };
}

let applied = 0;

async function apply(batches: number): Promise<number> {
  const { timeline, ids } = await (ports ??= open());
  const from = Math.floor(Date.now() / DAY) * DAY - 10 * DAY;
  const startedAt = performance.now();
  for (let batch = 0; batch < batches; batch++) {
    const results = Array.from({ length: BATCH }, () => resultOf(ids, applied++, from));
    await timeline.apply(results);
  }
  return (batches * BATCH * 1000) / (performance.now() - startedAt);
}

/** Microseconds of one call, the median of many. */
async function timed(times: number, call: () => Promise<unknown>): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < times; i++) {
    const startedAt = performance.now();
    await call();
    samples.push((performance.now() - startedAt) * 1000);
  }
  return samples.sort((a, b) => a - b)[Math.floor(times / 2)]!;
}

async function reads(times: number): Promise<Record<string, number>> {
  const { timeline, ids } = await (ports ??= open());
  const now = Date.now();
  let turn = 0;
  const one = () => ids[turn++ % ids.length]!;
  const cases: Record<string, () => Promise<unknown>> = {
    'state of 100 monitors': () => timeline.states(ids.slice(0, 100)),
    'newest 150 beats': () => timeline.beats(one(), { limit: 150 }),
    'points 24 h, by minute': () => timeline.series(one(), 'minute', now - DAY, now),
    'points 7 d, by hour': () => timeline.series(one(), 'hour', now - 7 * DAY, now),
    'points 30 d, by hour': () => timeline.series(one(), 'hour', now - 30 * DAY, now),
    'uptime of 100 monitors': () => timeline.uptime(ids.slice(0, 100), [DAY, 7 * DAY, 30 * DAY], now),
  };
  const figures: Record<string, number> = {};
  for (const [name, call] of Object.entries(cases)) {
    await timed(times, call); // warm
    figures[name] = await timed(times, call);
  }
  return figures;
}

/** Deletes what is older than a year, as the cleanup does, while 500 results arrive in a second. */
async function retention(limitMs: number) {
  const { timeline, ids } = await (ports ??= open());
  const startedAt = Date.now();
  const keep = { beatsBefore: startedAt - 365 * DAY, seriesBefore: { minute: startedAt - 30 * DAY } };
  const latencies: number[] = [];
  const turns: number[] = [];
  /** On a machine with other work, this tells more of a turn than its length. */
  const turnsCpu: number[] = [];
  let done = false;
  const load = (async () => {
    for (let n = 0; !done; n++) {
      const wait = startedAt + n * 200 - Date.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const results = Array.from({ length: BATCH }, (_, i) => {
        const at = Date.now() - BATCH + i;
        return { ...resultOf(ids, n * BATCH + i, 0), startedAt: at, endedAt: at + 20 };
      });
      const before = performance.now();
      await timeline.apply(results);
      latencies.push(performance.now() - before);
    }
  })();
  while (!done) {
    const before = performance.now();
    const cpuBefore = process.cpuUsage();
    const more = await timeline.prune(keep);
    turns.push(performance.now() - before);
    const { user, system } = process.cpuUsage(cpuBefore);
    turnsCpu.push((user + system) / 1000);
    done = !more || Date.now() - startedAt > limitMs;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await load;
  return { latencies, turns, turnsCpu, seconds: (Date.now() - startedAt) / SECOND };
}

const ORDERS: Record<string, (value: number) => Promise<unknown>> = {
  async migrate() {
    const migrations = await (await loadEngine(engine)).migrations(env);
    const startedAt = performance.now();
    await migrations.up();
    const ms = performance.now() - startedAt;
    await migrations.close();
    return ms;
  },
  apply,
  /** The rows that `apply` made, again, by the driver alone. */
  async bare(limit) {
    await (await (ports ??= open())).close();
    ports = undefined;
    return bareTable(engine, url, BATCH, limit);
  },
  /** So many beats of each monitor, spread over the time of a full history. */
  async seed(beatsPerMonitor) {
    await (ports ??= open());
    const end = Math.floor(Date.now() / HOUR) * HOUR;
    return seed(engine, url, { beatsPerMonitor, stepMinutes: FULL_HISTORY / beatsPerMonitor, end });
  },
  async seedOld(beatsPerMonitor) {
    await (ports ??= open());
    const end = Math.floor(Date.now() / DAY) * DAY - 366 * DAY;
    return seed(engine, url, { beatsPerMonitor, stepMinutes: 1, end });
  },
  reads,
  retention,
  async close() {
    await (await ports)?.close();
    ports = undefined;
    return null;
  },
};

process.on('message', ({ order, value = 0 }: { order: string; value?: number }) => {
  ORDERS[order]!(value).then(
    (answer) => process.send!({ answer }),
    (error: Error) => process.send!({ error: error.stack }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send!({ answer: 'ready' });
