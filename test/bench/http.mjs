// CPU per request of what clients ask for most, with little and with much history.
import { measuredLoad } from './support/load.mjs';
import { compared, median } from './support/numbers.mjs';
import { databaseWithHistory } from './support/seed.mjs';
import { signIn, startHello, startServer } from './support/server.mjs';

const MONITORS = 500;
const DAY_MS = 86_400_000;

/** How many heartbeats each monitor has; the first is what the others are compared with. */
const HISTORIES = [
  { beats: 151, name: '151 beats a monitor' },
  { beats: 2_000, name: '1,000,000 beats' },
  { beats: 20_000, name: '10,000,000 beats', slow: true },
];

const PAGES = [
  { name: 'GET /monitors?limit=20', path: () => '/api/v1/monitors?limit=20', floor: 20 },
  { name: 'GET /monitors?limit=100', path: () => '/api/v1/monitors?limit=100', floor: 50 },
];

const OF_A_MONITOR = [
  { name: 'detail', path: (id) => `/api/v1/monitors/${id}`, floor: 8 },
  { name: 'newest 150 heartbeats', path: (id) => `/api/v1/monitors/${id}/heartbeats?limit=150`, floor: 25 },
  { name: 'points 24 h, by hour', path: (id) => points(id, 'hour'), floor: 9 },
  { name: 'uptime', path: (id) => `/api/v1/monitors/${id}/stats/uptime`, floor: 8 },
  { name: 'points 24 h, by minute (1,441)', path: (id) => points(id, 'minute') },
];

const NO_SLOWER = 1.3;
/** Short turns and several rounds: what else the machine does changes within seconds. */
const SECONDS = 1;
/** Until everything that a request runs through is compiled: requests, since a busy machine serves few in a second. */
const WARM_UP_REQUESTS = 8_000;

function points(id, granularity) {
  const until = Math.floor(Date.now() / 60_000) * 60_000;
  const since = new Date(until - DAY_MS).toISOString();
  return `/api/v1/monitors/${id}/stats/points?since=${since}&until=${new Date(until).toISOString()}&granularity=${granularity}`;
}

export async function run({ log, rounds, quick }) {
  const hello = await startHello();
  const histories = HISTORIES.filter(({ slow }) => !(slow && quick));
  const servers = [];
  for (const { beats } of histories) {
    const file = await databaseWithHistory({ monitors: MONITORS, beatsPerMonitor: beats, log });
    servers.push(await signIn(await startServer(file)));
  }
  const [small] = servers;
  const rows = [];
  for (const { name, path, floor } of PAGES) {
    const figures = await alternate({ name, path, rounds, targets: [hello, small], log });
    rows.push(compared({ name, unit: 'CPU us', values: figures[1], baselines: figures[0], floor }));
  }
  const grown = [];
  for (const { name, path, floor } of OF_A_MONITOR) {
    const figures = await alternate({ name, path, rounds, targets: [hello, ...servers], log });
    rows.push(compared({ name, unit: 'CPU us', values: figures[1], baselines: figures[0], floor }));
    if (floor === undefined) continue;
    for (const [index, history] of histories.slice(1).entries()) {
      const line = `${name}, ${history.name} / ${histories[0].name}`;
      grown.push(
        compared({ name: line, unit: 'CPU us', values: figures[index + 2], baselines: figures[1], floor: NO_SLOWER }),
      );
    }
  }
  for (const server of [hello, ...servers]) await server.stop();
  return { name: 'http', rows: [...rows, ...grown] };
}

/** Drives the targets in turn, hello first. @returns CPU per request by target and round, us. */
async function alternate({ name, path, rounds, targets, log }) {
  const figures = targets.map(() => []);
  const orders = [];
  for (const [index, target] of targets.entries()) {
    const order = { path: index === 0 ? '/hello' : path(await middleMonitor(target)), duration: SECONDS };
    orders.push(order);
    await measuredLoad(target, { path: order.path, amount: WARM_UP_REQUESTS });
  }
  for (let round = 0; round < rounds; round++) {
    for (const [index, target] of targets.entries()) {
      figures[index].push((await measuredLoad(target, orders[index])).cpuUs);
    }
  }
  log(`  ${name}: ${figures.map((values) => median(values).toFixed(0)).join(', ')} us`);
  return figures;
}

/** The id of one in the middle of the list. */
async function middleMonitor(server) {
  const response = await fetch(`${server.url}/api/v1/monitors?limit=1&page=250`, { headers: server.headers });
  return (await response.json()).data?.[0]?.id;
}
