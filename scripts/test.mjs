// `npm test [-- jest options]`: installs and compiles what is missing, starts the database servers, runs every suite,
// ends with one line of counts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, root } from './prepare.mjs';

requireNode();
ensureInstalled();
ensureBuilt(); // some suites start, kill and restart the compiled server

const { provideServers } = await import('../test/support/servers/index.mjs'); // needs what was just installed
const servers = await provideServers();
const folder = mkdtempSync(path.join(tmpdir(), 'peekaping-test-'));
const report = path.join(folder, 'report.json');
const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const { status } = spawnSync(
  process.execPath,
  [jest, '--json', `--outputFile=${report}`, '--maxWorkers=2', ...process.argv.slice(2)],
  { cwd: root, stdio: ['ignore', 2, 2] }, // with --json, standard output would be the report
);
await servers.stop();
const results = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null;
rmSync(folder, { recursive: true, force: true });
if (!results) {
  console.error('The tests did not run to their end');
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const missing = Object.entries(servers.missing);
for (const [name, reason] of missing) console.error(`Not run, so skipped: what needs the ${name} server: ${reason}`);
const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
// Whoever develops may lack a server; continuous integration may not.
const incomplete = process.env.CI === 'true' ? missing.length : 0;
const failed = numFailedTests + numRuntimeErrorTestSuites + incomplete;
console.log(`${numPassedTests} passed, ${failed} failed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''}`);
process.exit(failed > 0 ? 1 : (status ?? 1));
