// What protection costs: an API key against a token, and a server with everything on against one with all that can be
// switched off, off.
import { measuredLoad } from './support/load.mjs';
import { compared, median } from './support/numbers.mjs';
import { databaseWith } from './support/seed.mjs';
import { post, signIn, startServer } from './support/server.mjs';

const SECONDS = 1;
const WARM_UP_SECONDS = 2;

/** Without counting requests, and without writing down who changed what. */
const UNPROTECTED = { THROTTLE_LIMIT: '0', THROTTLE_AUTH_LIMIT: '0', AUDIT_RETENTION_DAYS: '0' };

export async function run({ log, rounds }) {
  const servers = [];
  for (const env of [UNPROTECTED, {}]) {
    const server = await signIn(await startServer(await databaseWith(), { env }));
    const { id } = await post(server, '/api/v1/tags', { name: 'bench', color: '#ffffff' });
    servers.push({ server, tag: `/api/v1/tags/${id}` });
  }
  const [bare, full] = servers;
  const { token } = await post(full.server, '/api/v1/api-keys', { name: 'bench' });
  const reads = ({ server, tag }) => ({ server, path: tag });
  const writes = ({ server, tag }) => ({
    server: { ...server, headers: { ...server.headers, 'content-type': 'application/json' } },
    path: tag,
    method: 'PATCH',
    body: '{"color":"#000000"}',
  });
  const byKey = (order) => ({ ...order, server: { ...order.server, headers: { 'x-api-key': token } } });
  const pairs = [
    { name: 'GET a tag by API key / by token', floor: 1.1, orders: [reads(full), byKey(reads(full))] },
    { name: 'GET a tag, counted / not', orders: [reads(bare), reads(full)] },
    { name: 'PATCH a tag, counted and audited / neither', floor: 1.25, orders: [writes(bare), writes(full)] },
  ];
  const rows = [];
  for (const { name, floor, orders } of pairs) {
    const [baselines, values] = await alternate(orders, rounds);
    rows.push(compared({ name, unit: 'CPU us', values, baselines, floor }));
    log(`  ${name}: ${median(baselines).toFixed(1)}, ${median(values).toFixed(1)} us`);
  }
  for (const { server } of servers) await server.stop();
  return { name: 'security', rows };
}

/** @returns CPU per request by order and round, us */
async function alternate(orders, rounds) {
  const figures = orders.map(() => []);
  const drive = ({ server, ...order }, duration) => measuredLoad(server, { ...order, duration });
  for (const order of orders) await drive(order, WARM_UP_SECONDS);
  for (let round = 0; round < rounds; round++) {
    for (const [index, order] of orders.entries()) figures[index].push((await drive(order, SECONDS)).cpuUs);
  }
  return figures;
}
