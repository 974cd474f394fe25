// `npm run start:cluster`: one of each service on this machine, for a look. Redis is taken from REDIS_HOST, by default
// on this machine; the database from DB_*, by default a SQLite file that the services share.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, root } from './prepare.mjs';

const SERVICES = ['api', 'ingester', 'worker', 'producer'];

requireNode();
ensureInstalled();
ensureBuilt();

const env = {
  REDIS_HOST: '127.0.0.1',
  QUEUE_SECRET: randomBytes(24).toString('base64url'),
  ...process.env,
};
delete env.SERVER_PORT; // each has its own

const run = (name, args = []) =>
  spawn(process.execPath, [path.join(root, 'dist', name, 'main.js'), ...args], {
    env: name === 'api' && process.env.SERVER_PORT ? { ...env, SERVER_PORT: process.env.SERVER_PORT } : env,
    stdio: 'inherit',
  });

const migrated = await new Promise((resolve) => run('migrate', ['up']).once('exit', resolve));
if (migrated !== 0) process.exit(1);

let stopping = false;
const running = new Map(SERVICES.map((name) => [name, run(name)]));
const stop = (signal) => {
  stopping = true;
  for (const child of running.values()) child.kill(signal);
};
process.on('SIGINT', () => stop('SIGINT'));
process.on('SIGTERM', () => stop('SIGTERM'));
for (const [name, child] of running) {
  child.once('exit', (code) => {
    running.delete(name);
    if (!stopping) {
      console.error(`The ${name} has ended; so do the others`);
      process.exitCode = code || 1;
      stop('SIGTERM');
    }
  });
}
