// Measures the built server against bare baselines: npm run bench -- [CASE...] [--quick] [--rounds N]
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ROOT } from '../test/bench/support/processes.mjs';
import { table, verdict } from '../test/bench/support/table.mjs';
import { ensureBuilt } from './prepare.mjs';

/** In the order in which they run. */
const CASES = ['storage', 'http', 'public', 'security', 'push', 'engine', 'login', 'start', 'realtime'].filter((name) =>
  existsSync(fileOf(name)),
);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' } },
});
const rounds = Number(values.rounds);
const unknown = positionals.filter((name) => !CASES.includes(name));
if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  console.error(`Usage: npm run bench -- [${CASES.join(' ')}] [--quick] [--rounds N]`);
  process.exit(1);
}

ensureBuilt();
const results = [];
let broken = false;
for (const name of positionals.length > 0 ? positionals : CASES) {
  console.log(`${name}:`);
  try {
    const { run } = await import(pathToFileURL(fileOf(name)).href);
    const result = await run({ log: console.log, rounds, quick: values.quick });
    results.push(result);
    save(name, result);
  } catch (error) {
    broken = true; // the other cases are worth their time all the same
    console.error(error);
  }
}
console.log(`\n${table(results)}`);
process.exit(broken ? 1 : 0);

function fileOf(name) {
  return path.join(ROOT, 'test/bench', `${name}.mjs`);
}

function save(name, { rows }) {
  const folder = path.join(ROOT, 'bench-results');
  mkdirSync(folder, { recursive: true });
  const document = { at: new Date().toISOString(), node: process.version, rounds, quick: values.quick };
  const judged = rows.map((row) => ({ ...row, ok: verdict(row) }));
  writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify({ ...document, rows: judged }, null, 2)}\n`);
}
