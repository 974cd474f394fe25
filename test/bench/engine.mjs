// The engine at work: 3,000 monitors on a target that always answers.
import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { median, percentile } from './support/numbers.mjs';
import { ask, freePort, runOnce, script, start, stop } from './support/processes.mjs';
import { databaseWith, edit } from './support/seed.mjs';
import { startServer } from './support/server.mjs';
import { cpuMs, peakRssMiB } from './support/usage.mjs';

const MONITORS = 3_000;
const INTERVAL_S = 20;
const LOOP_GETS = 9_000;

export async function run({ log, rounds, quick }) {
  const port = await freePort();
  const target = start(script('target-process.mjs'), { args: [String(port)] });
  await ask(target);
  const url = `http://127.0.0.1:${port}/`;
  const file = await databaseWith({ count: MONITORS, type: 'http', interval: INTERVAL_S, target: url });
  const emptyBytes = statSync(file).size;

  const loops = [];
  const loop = async () => loops.push(await runOnce('get-loop-process.mjs', { url, count: LOOP_GETS }));
  await loop();
  const server = await startServer(file);
  await delay((INTERVAL_S + 5) * 1000); // every monitor was checked once, everything is compiled
  const seconds = quick ? 60 : 150;
  const from = Date.now();
  const cpuBefore = cpuMs(server.pid);
  const perSecond = MONITORS / INTERVAL_S;
  log(`  watching ${MONITORS} monitors for ${seconds} s`);
  const paced = await runOnce('get-loop-process.mjs', { url, count: seconds * perSecond, perSecond });
  const cpu = cpuMs(server.pid) - cpuBefore;
  const to = Date.now();
  const peak = peakRssMiB(server.pid);
  await server.stop();
  while (loops.length < rounds) await loop();
  await stop(target);

  const history = edit(file, (db) => readHistory(db, from, to));
  const bytes = (statSync(file).size - emptyBytes) / history.total;
  const perCheck = (cpu * 1000) / history.checks;
  return {
    name: 'engine',
    rows: [
      { ...against('check / a bare GET in a loop', perCheck, median(loops)), floor: 2.5 },
      against('check / a bare GET at the same pace', perCheck, paced),
      alone('most checks in one second / mean', history.peak, '', 1.5),
      alone('error of the gap between two checks, p99', history.gapErrorP99, 'ms', 100),
      alone('memory, most', peak, 'MiB', 250),
      alone(`database per heartbeat, of ${history.total}`, bytes, 'bytes', 150),
      alone(`checks that failed, of ${history.checks}`, history.failed, '', 0),
    ],
  };
}

/** What the heartbeats of the window say. */
function readHistory(db, from, to) {
  const one = (sql) => db.prepare(sql).pluck().get({ from, to });
  const checks = one('SELECT COUNT(*) FROM heartbeats WHERE time >= @from AND time < @to');
  const most = one(`SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM heartbeats WHERE time >= @from AND time < @to
    GROUP BY CAST((time - @from) / 1000 AS INTEGER))`);
  const gaps = db
    .prepare(
      `SELECT time - LAG(time) OVER (PARTITION BY monitor_key ORDER BY time) FROM heartbeats WHERE time >= @from`,
    )
    .pluck()
    .all({ from })
    .filter((gap) => gap !== null);
  return {
    checks,
    peak: most / ((checks * 1000) / (to - from)),
    gapErrorP99: percentile(
      gaps.map((gap) => Math.abs(gap - INTERVAL_S * 1000)),
      99,
    ),
    failed: one('SELECT COUNT(*) FROM heartbeats WHERE time >= @from AND status <> 1'),
    total: one('SELECT COUNT(*) FROM heartbeats'),
  };
}

function against(name, value, baseline) {
  return { case: name, value, unit: 'CPU us', baseline, ratio: value / baseline };
}

function alone(name, value, unit, floor) {
  return { case: name, value, unit, baseline: null, ratio: null, floor };
}
