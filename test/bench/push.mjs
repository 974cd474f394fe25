// A burst of pushes: what one costs, and whether every accepted one is stored, once.
import Database from 'better-sqlite3';
import { measuredLoad } from './support/load.mjs';
import { compared } from './support/numbers.mjs';
import { databaseWith, pushToken } from './support/seed.mjs';
import { startHello, startServer } from './support/server.mjs';

const MONITORS = 500;
const CONNECTIONS = 32;
const FLOOR = 16;

export async function run({ log, rounds, quick }) {
  const file = await databaseWith({ count: MONITORS, type: 'push', interval: 86_400 });
  const hello = await startHello();
  const server = await startServer(file);
  const reader = new Database(file, { readonly: true });
  const stored = reader.prepare('SELECT COUNT(*) FROM heartbeats').pluck();
  const counted = reader.prepare('SELECT SUM(up + down) FROM series_hour').pluck();

  const amount = quick ? 10_000 : 20_000;
  const push = {
    paths: Array.from({ length: MONITORS }, (_, i) => `/api/v1/push/${pushToken(i)}?status=up&msg=OK&ping=12`),
    connections: CONNECTIONS,
    amount,
  };
  const bare = { path: '/hello', connections: CONNECTIONS, amount };
  await measuredLoad(hello, bare);
  let accepted = (await measuredLoad(server, { ...push, amount: 5_000 })).ok;
  const values = [];
  const baselines = [];
  let missing = Math.abs(accepted - stored.get());
  for (let round = 0; round < rounds; round++) {
    baselines.push((await measuredLoad(hello, bare)).cpuUs);
    const { ok, cpuUs, seconds } = await measuredLoad(server, push);
    accepted += ok;
    missing = Math.max(missing, Math.abs(accepted - stored.get()));
    values.push(cpuUs);
    log(`  ${ok} pushes in ${seconds.toFixed(1)} s`);
  }
  const unlike = Math.abs(accepted - counted.get());
  reader.close();
  await server.stop();
  await hello.stop();
  return {
    name: 'push',
    rows: [
      compared({ name: 'push, 32 connections', unit: 'CPU us', values, baselines, floor: FLOOR }),
      lost(`lost or doubled of ${accepted}, read after the last answer`, missing),
      lost('missing in the statistics', unlike),
    ],
  };
}

function lost(name, value) {
  return { case: name, value, unit: 'beats', baseline: null, ratio: null, floor: 0 };
}
