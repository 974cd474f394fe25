// What every command of this repository needs first: the right Node, installed packages, compiled sources. Each step
// looks whether it has to be done, so a second start takes no time for what is up to date.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Ends with one line when this Node cannot run the server. */
export function requireNode() {
  const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const [major, minor] = process.versions.node.split('.').map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (fits) return;
  console.error(`Node ${process.versions.node} cannot run this server: install Node ${engines.node}`);
  process.exit(1);
}

/** Installs the packages of the lockfile when there are none, or older ones. */
export function ensureInstalled() {
  const installed = modified(path.join(root, 'node_modules', '.package-lock.json'));
  if (installed >= modified(path.join(root, 'package-lock.json'))) return;
  console.error('Installing packages (npm ci); the first time takes a minute or two');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'Installing the packages failed');
}

/** Compiles when a source is newer than what was compiled last. */
export function ensureBuilt() {
  const built = modified(path.join(root, 'dist', '.built'));
  const sources = [
    'apps',
    'libs',
    '.swcrc',
    'tsconfig.json',
    'package-lock.json',
    'scripts/build.mjs',
    'scripts/bundle',
  ].map((name) => path.join(root, name));
  if (sources.every((source) => newest(source) <= built)) return;
  console.error('Compiling');
  run(process.execPath, [path.join(root, 'scripts', 'build.mjs')], 'Compiling failed');
}

function newest(file) {
  const stat = statSync(file);
  if (!stat.isDirectory()) return file.endsWith('.spec.ts') ? 0 : stat.mtimeMs;
  return readdirSync(file).reduce((latest, name) => Math.max(latest, newest(path.join(file, name))), 0);
}

function modified(file) {
  return existsSync(file) ? statSync(file).mtimeMs : 0;
}

function run(command, args, problem) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(problem);
  process.exit(1);
}
