// What the servers need of the machine: programs, packages, a user that is not root, a port, a folder.
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, chownSync, constants, mkdirSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

/** Why a server cannot run on this machine; the suites that need it are skipped with these words. */
export class Missing extends Error {}

const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/** Path of the first of these programs that there is; null when there is none. */
export function findProgram(names, folders = []) {
  const places = [...folders, ...(process.env.PATH ?? '').split(path.delimiter), ...FOLDERS];
  for (const name of names) {
    for (const folder of places) {
      const file = path.join(folder, name);
      if (folder !== '' && isExecutable(file)) return file;
    }
  }
  return null;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Subfolders of a folder by descending number: `/usr/lib/postgresql/15` before `/usr/lib/postgresql/14`. */
export function versionsIn(folder) {
  try {
    return readdirSync(folder)
      .sort((a, b) => Number(b) - Number(a))
      .map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

/**
 * Like `findProgram`, but root on Debian gets the package when there is none.
 * @throws Missing
 */
export function findOrInstall(aptPackage, names, folders) {
  const found = findProgram(names, folders());
  if (found) return found;
  const hint = `no ${names[0]} found; install ${aptPackage}`;
  if (!isRoot() || !findProgram(['apt-get'])) throw new Missing(hint);
  process.stderr.write(`Installing ${aptPackage} for the tests\n`);
  // Another version of the package may have replaced the one in the lists: then they are fetched anew, once.
  const problem = install(aptPackage) && (update() ?? install(aptPackage));
  const installed = findProgram(names, folders());
  if (!installed) throw new Missing(`${hint} (apt-get: ${problem})`);
  return installed;
}

let updated = false;

function update() {
  if (updated) return null;
  updated = true;
  return apt('update');
}

function install(aptPackage) {
  return apt('install', '-y', '--no-install-recommends', aptPackage);
}

/** @returns the last line of its errors, or null */
function apt(...args) {
  // Run level 1: what is installed here is not started as a service.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=2'];
  const { status, stderr } = spawnSync('apt-get', [...options, ...args], { env, encoding: 'utf8' });
  return status === 0 ? null : (stderr.trim().split('\n').at(-1) ?? `exit code ${status}`);
}

function isRoot() {
  return process.getuid?.() === 0;
}

/** PostgreSQL and MariaDB refuse to run as root: then they run as nobody. */
export function ordinaryUser() {
  if (!isRoot()) return {};
  const number = (flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: number('-u'), gid: number('-g') };
}

/** Makes a folder that this user may write to. */
export function folderOf(user, folder) {
  mkdirSync(folder, { recursive: true });
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  return folder;
}

/** @throws Error with what the program wrote */
export function runOnce(command, args, options) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? ''}${stderr}${stdout}`);
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
