// Every engine against the bare driver, and against SQLite.
import path from 'node:path';
import { bundle } from '../../scripts/bundle/bundle.mjs';
import { VARIABLES, startServers } from '../support/servers/index.mjs';
import { compared, median, percentile } from './support/numbers.mjs';
import { ROOT, ask, start, stop, tempFolder } from './support/processes.mjs';
import { createBenchDatabase, sizeOf } from './support/storage-databases.mjs';

const ENGINES = ['sqlite', 'postgres', 'mysql', 'mongo'];
const MONITORS = 500;
const PROCESS = path.join(ROOT, 'dist/bench-storage/main.js');
const BYTES_FLOOR = { sqlite: 150, postgres: 220, mysql: 220 };

export async function run({ log, rounds, quick }) {
  await bundle({ 'bench-storage': 'test/bench/support/storage-process.ts' });
  const wanted = process.env.TEST_ENGINES?.split(',') ?? ENGINES;
  const names = ENGINES.filter((name) => name !== 'sqlite' && wanted.includes(name));
  const { env, missing, stop: stopServers } = await startServers(names.filter((name) => !process.env[VARIABLES[name]]));
  Object.assign(process.env, env);
  try {
    const rows = [];
    let sqlite;
    for (const engine of ENGINES.filter((name) => wanted.includes(name))) {
      if (missing[engine]) {
        log(`  ${engine} left out: ${missing[engine]}`);
        continue;
      }
      const measured = await measure(engine, { log, rounds: Math.min(rounds, 3), quick });
      rows.push(...measured.rows);
      if (engine === 'sqlite') sqlite = measured;
      else if (sqlite)
        rows.push(against(`${engine}: apply / SQLite's`, measured.applyRate, sqlite.applyRate, 'beats/s'));
    }
    return { name: 'storage', rows };
  } finally {
    await stopServers();
  }
}

async function measure(engine, { log, rounds, quick }) {
  log(`  ${engine}`);
  const isMongo = engine === 'mongo';
  const batches = isMongo ? (quick ? 20 : 100) : quick ? 200 : 1000;
  const rates = { apply: [], bare: [] };
  const migrations = [];
  let bytes;
  for (let round = 0; round < rounds; round++) {
    await withDatabase(engine, async (tell, database) => {
      migrations.push(await tell('migrate'));
      await tell('apply', Math.ceil(batches / 10)); // warm
      rates.apply.push(await tell('apply', batches));
      rates.bare.push(await tell('bare', batches * 100));
      if (round < rounds - 1) return;
      const more = isMongo ? batches : 5 * batches; // so many that pages are as full as they get
      const before = await sizeOf(database);
      await tell('apply', more);
      bytes = ((await sizeOf(database)) - before) / (more * 100);
    });
  }
  const rows = [
    atLeast(
      compared({
        name: `${engine}: apply, batches of 100`,
        unit: 'beats/s',
        values: rates.apply,
        baselines: rates.bare,
      }),
      isMongo ? undefined : 0.25,
    ),
    {
      case: `${engine}: bytes per heartbeat`,
      value: bytes,
      unit: 'bytes',
      baseline: null,
      ratio: null,
      floor: BYTES_FLOOR[engine],
    },
    {
      case: `${engine}: migration of an empty database`,
      value: median(migrations),
      unit: 'ms',
      baseline: null,
      ratio: null,
      floor: 2000,
    },
  ];
  if (!isMongo)
    rows.push(...(await measureReads(engine, { log, quick })), ...(await measureRetention(engine, { log, quick })));
  return { rows, applyRate: median(rates.apply) };
}

/** The same reads over a short and a long history. */
async function measureReads(engine, { log, quick }) {
  const short = 200;
  const long = quick ? 2_000 : 20_000;
  const figures = [];
  for (const beats of [short, long]) {
    await withDatabase(engine, async (tell) => {
      await tell('migrate');
      const startedAt = performance.now();
      await tell('seed', beats);
      log(
        `    made ${(beats * MONITORS).toLocaleString('en')} beats in ${Math.round((performance.now() - startedAt) / 1000)} s`,
      );
      figures.push(await tell('reads', 200));
    });
  }
  const count = (long * MONITORS).toLocaleString('en');
  return Object.keys(figures[0]).map((name) => ({
    ...against(`${engine}: ${name}, ${count} beats / 100,000`, figures[1][name], figures[0][name], 'us'),
    // A thin history has fewer points in the same time.
    floor: name.startsWith('points') ? undefined : 1.3,
  }));
}

async function measureRetention(engine, { log, quick }) {
  const rows = quick ? 500_000 : 5_000_000;
  let figures;
  await withDatabase(engine, async (tell) => {
    await tell('migrate');
    await tell('seedOld', rows / MONITORS);
    log(`    deleting ${rows.toLocaleString('en')} old beats`);
    figures = await tell('retention', 600_000);
  });
  const name = (text) => `${engine}: retention of ${rows.toLocaleString('en')}, ${text}`;
  const row = (text, value, unit, floor) => ({ case: name(text), value, unit, baseline: null, ratio: null, floor });
  return [
    row('apply p99 at 500/s', percentile(figures.latencies, 99), 'ms', 100),
    row('longest turn', Math.max(...figures.turns), 'ms', engine === 'sqlite' ? 50 : undefined),
    row('turns p99', percentile(figures.turns, 99), 'ms'),
    row('turns p99', percentile(figures.turnsCpu, 99), 'CPU ms'),
    row('took', figures.seconds, 's'),
  ];
}

async function withDatabase(engine, work) {
  const database = await createBenchDatabase(engine, tempFolder());
  const child = start(PROCESS, { env: { ...database.env, BENCH_DATABASE_URL: database.url } });
  try {
    await ask(child);
    const tell = async (order, value) => {
      const { answer, error } = await ask(child, { order, value });
      if (error) throw new Error(error);
      return answer;
    };
    await work(tell, database);
    await tell('close');
  } finally {
    await stop(child);
    await database.drop();
  }
}

function against(name, value, baseline, unit) {
  return { case: name, value, unit, baseline, ratio: value / baseline };
}

function atLeast(row, floor) {
  return floor === undefined ? row : { ...row, floor: `>= ${floor}`, ok: row.ratio >= floor };
}
