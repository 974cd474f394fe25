// What it costs to tell many sockets of every heartbeat that is pushed, beside a bare `ws` broadcast. The bare server
// makes its messages itself, so what pushing and storing costs is taken off ours: measured in the same round, with
// nobody listening.
import { setTimeout as delay } from 'node:timers/promises';
import { compared, median, percentile } from './support/numbers.mjs';
import { ask, freePort, runOnce, script, start, stop } from './support/processes.mjs';
import { databaseWith, pushToken } from './support/seed.mjs';
import { signIn, startServer } from './support/server.mjs';
import { cpuMs } from './support/usage.mjs';

const MONITORS = 500;
const SECONDS = 5;
const FLOOR = 0.6;
const LATENCY_FLOOR_MS = 1000;
/** How long after the last heartbeat the rest may take to arrive. */
const SETTLE_MS = 5_000;

const CROWDS = [
  { sockets: 200, perSecond: 100 },
  { sockets: 1000, perSecond: 50 },
];
const KINDS = ['ws', 'socket.io'];

export async function run({ log, rounds, quick }) {
  const rows = [];
  const server = await startPushed();
  const bare = await startBare();
  for (const crowd of CROWDS) {
    const baselines = [];
    const unheard = [];
    const figures = new Map(KINDS.map((kind) => [kind, []]));
    for (let round = 0; round < (quick ? 1 : rounds); round++) {
      baselines.push(await measure({ kind: 'bare', target: bare, ...crowd }));
      unheard.push(await measureUnheard({ target: server, ...crowd }));
      for (const kind of KINDS) figures.get(kind).push(await measure({ kind, target: server, ...crowd }));
    }
    for (const kind of KINDS) rows.push(...rowsOf({ kind, ...crowd, figures: figures.get(kind), baselines, unheard }));
    log(`  ${crowd.sockets} sockets x ${crowd.perSecond}/s done`);
  }
  await bare.stop();
  await server.stop();
  return { name: 'realtime', rows };
}

function rowsOf({ kind, sockets, perSecond, figures, baselines, unheard }) {
  const name = `${kind}, ${sockets} sockets x ${perSecond}/s`;
  const latencies = figures.flatMap((figure) => figure.latencies);
  return [
    compared({
      name: `${name}, telling them`,
      unit: 'CPU us/delivery',
      values: figures.map(({ cpuUs }, round) => cpuUs - unheard[round].cpuUs),
      baselines: baselines.map(({ cpuUs }) => cpuUs),
      floor: FLOOR,
    }),
    compared({
      name: `${name}, pushing and storing included`,
      unit: 'CPU us/delivery',
      values: figures.map(({ cpuUs }) => cpuUs),
      baselines: baselines.map(({ cpuUs }) => cpuUs),
    }),
    {
      case: `${name}, not delivered of ${figures[0].expected}`,
      value: Math.max(...figures.map(({ expected, received }) => Math.abs(expected - received))),
      unit: 'messages',
      baseline: null,
      ratio: null,
      floor: 0,
    },
    {
      case: `${name}, from the push to the socket, p99 (p50 ${median(latencies)})`,
      value: percentile(latencies, 99),
      unit: 'ms',
      baseline: null,
      ratio: null,
      floor: LATENCY_FLOOR_MS,
    },
  ];
}

/** Our server; its heartbeats are pushed. */
async function startPushed() {
  const server = await signIn(
    await startServer(await databaseWith({ count: MONITORS, type: 'push', interval: 86_400 })),
  );
  const paths = Array.from({ length: MONITORS }, (_, i) => `/api/v1/push/${pushToken(i)}?status=up&msg=OK&ping=12`);
  const feed = (order) => runOnce('push-process.mjs', { ...order, url: server.url, paths });
  await feed({ perSecond: 10 * MONITORS, count: 2 * MONITORS }); // first beats change the status, which is told as well
  return { ...server, feed };
}

/** A bare server, which makes its heartbeats itself. */
async function startBare() {
  const port = await freePort();
  const child = start(script('bare-ws-process.mjs'), { args: [String(port)] });
  await ask(child);
  return {
    pid: child.pid,
    url: `http://127.0.0.1:${port}`,
    feed: (order) => ask(child, order),
    stop: () => stop(child),
  };
}

/** One crowd of sockets, told of heartbeats for some seconds. */
async function measure({ kind, target, sockets, perSecond }) {
  const token = target.headers?.authorization?.split(' ')[1];
  const url = target.url.replace('http:', 'ws:');
  const clients = start(script('sockets-process.mjs'));
  await ask(clients, { kind, url, token, count: sockets });
  await delay(500); // what the joining costs is over, and Socket.IO's joins, which nobody acknowledges, are done
  const count = perSecond * SECONDS;
  const before = cpuMs(target.pid);
  const { sent } = await target.feed({ perSecond, count });
  const expected = sent * sockets;
  const { received, latencies } = await allReceived(clients, expected);
  const cpuUs = ((cpuMs(target.pid) - before) * 1000) / received;
  await stop(clients);
  return { expected, received, cpuUs, latencies };
}

/** What the same heartbeats cost when nobody listens, per delivery that there would be. */
async function measureUnheard({ target, sockets, perSecond }) {
  const before = cpuMs(target.pid);
  const { sent } = await target.feed({ perSecond, count: perSecond * SECONDS });
  return { cpuUs: ((cpuMs(target.pid) - before) * 1000) / (sent * sockets) };
}

async function allReceived(clients, expected) {
  const deadline = performance.now() + SETTLE_MS;
  let received = 0;
  const latencies = [];
  for (;;) {
    const answer = await ask(clients, 'count');
    received += answer.received;
    latencies.push(...answer.latencies);
    if (received >= expected || performance.now() > deadline) return { received, latencies };
    await delay(20);
  }
}
