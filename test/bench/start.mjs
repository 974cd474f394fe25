// What it takes to be there: time to the first answer, memory and CPU at rest.
import { setTimeout as delay } from 'node:timers/promises';
import { compared, median } from './support/numbers.mjs';
import { activeDatabaseWithHistory, databaseWith } from './support/seed.mjs';
import { startHello, startServer } from './support/server.mjs';
import { cpuMs, rssMiB } from './support/usage.mjs';

const IDLE_MONITORS = 1_000;
const HISTORY = { monitors: 500, beatsPerMonitor: 20_000 };
const SETTLE_MS = 5_000;
/** V8 collects what a start leaves behind when the process has been idle for a while, at most three times. */
const COLLECTED_MS = 75_000;

export async function run({ log, rounds, quick }) {
  const empty = await databaseWith();
  const full = quick ? null : await activeDatabaseWithHistory({ ...HISTORY, log });
  const hello = [];
  const ours = [];
  const withHistory = [];
  for (let round = 0; round < Math.max(rounds, 5); round++) {
    hello.push(await startTime(() => startHello()));
    ours.push(await startTime(() => startServer(empty)));
    if (full) withHistory.push(await startTime(() => startServer(full)));
  }
  log(`  started in ${median(ours).toFixed(0)} ms, a bare Fastify in ${median(hello).toFixed(0)} ms`);
  const rows = [
    compared({ name: 'exec to first 200 of /health', unit: 'ms', values: ours, baselines: hello, floor: 5 }),
    await memory(empty, rounds),
    ...(await idleCpu(quick ? 15_000 : 60_000)),
  ];
  if (full) {
    const name = 'the same, 10,000,000 heartbeats / empty';
    rows.push(compared({ name, unit: 'ms', values: withHistory, baselines: ours, floor: 1.1 }));
  }
  return { name: 'start', rows };
}

async function startTime(execute) {
  const server = await execute();
  await server.stop();
  return server.startMs;
}

async function memory(file, rounds) {
  const values = [];
  const baselines = [];
  for (let round = 0; round < rounds; round++) {
    const [hello, server] = await Promise.all([startHello(), startServer(file)]);
    await delay(SETTLE_MS);
    values.push(rssMiB(server.pid));
    baselines.push(rssMiB(hello.pid));
    await Promise.all([hello.stop(), server.stop()]);
  }
  return compared({ name: 'memory at rest', unit: 'MiB', values, baselines, floor: 2.2 });
}

/** At rest is after the garbage of the start; what that costs is a line of its own. */
async function idleCpu(durationMs) {
  const server = await startServer(await databaseWith({ count: IDLE_MONITORS, type: 'http', interval: 86_400 }));
  await delay(SETTLE_MS);
  const settling = await cpuPercent(server, COLLECTED_MS);
  const atRest = await cpuPercent(server, durationMs);
  await server.stop();
  const row = { unit: '% of a core', baseline: null, ratio: null };
  return [
    { case: 'CPU at rest, 1,000 idle monitors', value: atRest, ...row, floor: 1 },
    {
      case: `the same in the first ${COLLECTED_MS / 1000} s, with garbage of the start`,
      value: settling,
      ...row,
      floor: null,
    },
  ];
}

async function cpuPercent(server, durationMs) {
  const before = cpuMs(server.pid);
  await delay(durationMs);
  return ((cpuMs(server.pid) - before) / durationMs) * 100;
}
