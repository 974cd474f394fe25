import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Missing, findProgram, folderOf } from './machine.mjs';

const SOURCE = path.join(path.dirname(fileURLToPath(import.meta.url)), 'ferretdb');

/** `mongod` where it is installed; otherwise FerretDB, which speaks the same protocol and is built with Go. */
export const mongo = {
  name: 'mongo',
  variable: 'TEST_MONGO_URL',
  halt: 'SIGTERM',
  crash: 'SIGKILL',

  prepare(folder) {
    const home = folderOf({}, folder);
    const mongod = findProgram(['mongod']);
    const program = mongod ?? buildFerret();
    const args = (port) =>
      mongod
        ? ['--dbpath', home, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket', '--quiet']
        : [String(port), home];
    return (port) => ({
      program,
      args: args(port),
      options: { cwd: home },
      url: `mongodb://127.0.0.1:${port}/`,
    });
  },

  probe: isListening,
};

/** Resolves when something listens at this URL's port. */
export function isListening(url) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.once('error', reject).once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

/** @returns the program, which is kept for the next time */
function buildFerret() {
  const cache = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'peekaping-server');
  const digest = createHash('sha256');
  for (const name of ['main.go', 'go.mod', 'go.sum']) digest.update(readFileSync(path.join(SOURCE, name)));
  const program = path.join(cache, `ferretdb-${digest.digest('hex').slice(0, 16)}`);
  if (existsSync(program)) return program;

  const go = findProgram(['go'], ['/usr/local/go/bin']);
  if (!go) throw new Missing('neither mongod nor go (to build FerretDB) found; install one, or set TEST_MONGO_URL');
  process.stderr.write('Building FerretDB for the tests; this takes a minute or two, once\n');
  mkdirSync(cache, { recursive: true });
  const unfinished = `${program}.${process.pid}`;
  const { status, stderr } = spawnSync(go, ['build', '-trimpath', '-ldflags=-s -w', '-o', unfinished, '.'], {
    cwd: SOURCE,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Missing(`FerretDB could not be built: ${stderr.trim().split('\n').at(-1)}`);
  renameSync(unfinished, program);
  return program;
}
