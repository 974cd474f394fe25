// Sign-ins per second, and what everybody else notices of them.
import { load } from './support/load.mjs';
import { compared, median, percentile } from './support/numbers.mjs';
import { runOnce } from './support/processes.mjs';
import { databaseWith } from './support/seed.mjs';
import { ACCOUNT, signIn, startServer } from './support/server.mjs';

const MONITORS = 500;
const PROBES_PER_SECOND = 100;

export async function run({ log, rounds, quick }) {
  const seconds = quick ? 5 : 10;
  const server = await signIn(
    await startServer(await databaseWith({ count: MONITORS, type: 'http', interval: 60, active: false })),
  );
  const url = `${server.url}/api/v1/monitors?limit=20`;
  const probe = async (duration) => {
    const order = { url, headers: server.headers, seconds: duration, perSecond: PROBES_PER_SECOND };
    return percentile(await runOnce('probe-process.mjs', order), 99);
  };
  const login = (duration) =>
    load({
      url: `${server.url}/api/v1/auth/login`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ACCOUNT),
      duration,
    });
  await Promise.all([login(2), probe(2)]);
  const rates = [];
  const bareRates = [];
  const busy = [];
  const rest = [];
  for (let round = 0; round < rounds; round++) {
    bareRates.push(await runOnce('argon2-process.mjs', { seconds: 2 }));
    rest.push(await probe(seconds));
    const [{ ok, failed, seconds: took }, p99] = await Promise.all([login(seconds), probe(seconds)]);
    if (failed > 0) throw new Error(`${failed} logins were refused`);
    rates.push(ok / took);
    busy.push(p99);
    log(`  ${median(rates).toFixed(0)} logins/s, p99 ${rest.at(-1).toFixed(1)} -> ${p99.toFixed(1)} ms`);
  }
  await server.stop();
  const rate = compared({
    name: 'logins, 16 connections / argon2id on one thread',
    unit: '/s',
    values: rates,
    baselines: bareRates,
    floor: '>= 60',
  });
  return {
    name: 'login',
    rows: [
      rate,
      compared({
        name: 'p99 of GET /monitors meanwhile / at rest',
        unit: 'ms',
        values: busy,
        baselines: rest,
        floor: 3,
      }),
    ],
  };
}
