// CPU per request of what strangers ask for: the badge of a monitor and the status page of fifty.
import { measuredLoad } from './support/load.mjs';
import { compared, median } from './support/numbers.mjs';
import { activeDatabaseWithHistory } from './support/seed.mjs';
import { post, signIn, startHello, startServer } from './support/server.mjs';

const MONITORS = 50;
const BEATS = 2_000;
const SECONDS = 1;
const WARM_UP_REQUESTS = 8_000;

export async function run({ log, rounds }) {
  const hello = await startHello();
  const file = await activeDatabaseWithHistory({ monitors: MONITORS, beatsPerMonitor: BEATS, log });
  const server = await signIn(await startServer(file));
  const list = await fetch(`${server.url}/api/v1/monitors?limit=${MONITORS}`, { headers: server.headers });
  const ids = (await list.json()).data.map(({ id }) => id);
  await post(server, '/api/v1/status-pages', { slug: 'bench', title: 'Bench', published: true, monitor_ids: ids });
  server.headers = {}; // strangers have none

  const badge = `/api/v1/badge/${ids[0]}/status`;
  const page = '/api/v1/status-pages/slug/bench/monitors';
  const cases = [
    { name: 'status badge', path: badge, floor: 3 },
    { name: `status page of ${MONITORS} monitors, 100 beats each`, path: page, floor: 12 },
    { name: 'page itself', path: '/api/v1/status-pages/slug/bench', floor: 12 },
    { name: 'status badge, 304', path: badge, conditional: true, floor: 2.5 },
    { name: 'status page, 304', path: page, conditional: true, floor: 2.5 },
  ];
  const rows = [];
  for (const { name, path, conditional, floor } of cases) {
    const headers = conditional ? { 'if-none-match': await etagOf(server, path) } : {};
    const targets = [
      { server: hello, order: { path: '/hello' } },
      { server, order: { path, headers } },
    ];
    for (const { server: target, order } of targets) {
      await measuredLoad(target, { ...order, amount: path === page && !conditional ? 500 : WARM_UP_REQUESTS });
    }
    const figures = [[], []];
    for (let round = 0; round < rounds; round++) {
      for (const [index, { server: target, order }] of targets.entries()) {
        figures[index].push((await measuredLoad(target, { ...order, duration: SECONDS })).cpuUs);
      }
    }
    log(`  ${name}: ${figures.map((values) => median(values).toFixed(0)).join(', ')} us`);
    rows.push(compared({ name, unit: 'CPU us', values: figures[1], baselines: figures[0], floor }));
  }
  for (const one of [hello, server]) await one.stop();
  return { name: 'public', rows };
}

async function etagOf(server, path) {
  const response = await fetch(server.url + path);
  await response.arrayBuffer();
  return response.headers.get('etag');
}
