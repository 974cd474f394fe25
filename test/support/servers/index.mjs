import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SUPERVISOR = path.join(path.dirname(fileURLToPath(import.meta.url)), 'supervisor.mjs');

/** Names of the servers and the variables that tell their URLs. */
export const VARIABLES = {
  postgres: 'TEST_POSTGRES_URL',
  mysql: 'TEST_MYSQL_URL',
  mongo: 'TEST_MONGO_URL',
  redis: 'TEST_REDIS_URL',
};
/** JSON object: name of a server that could not run -> why. Set, even when empty, once somebody has tried. */
const MISSING = 'TEST_SERVERS_MISSING';

/**
 * Starts what is not there yet, and tells where in the variables of this process and of those that it starts.
 * `TEST_ENGINES` (comma-separated) restricts it. What cannot run is named in `missing`.
 */
export async function provideServers() {
  if (process.env[MISSING] !== undefined) return { missing: JSON.parse(process.env[MISSING]), stop: async () => {} };
  const wanted = process.env.TEST_ENGINES?.split(',');
  const names = Object.keys(VARIABLES).filter((name) => !wanted || wanted.includes(name));
  const absent = names.filter((name) => !process.env[VARIABLES[name]]);
  const { env, missing, stop } = await startServers(absent);
  Object.assign(process.env, env, { [MISSING]: JSON.stringify(missing) });
  return {
    missing,
    stop: async () => {
      for (const name of [...Object.keys(env), MISSING]) delete process.env[name];
      await stop();
    },
  };
}

/** Starts these servers on free ports with data of their own; they end with this process at the latest. */
export async function startServers(names) {
  if (names.length === 0) return { env: {}, missing: {}, stop: async () => {} };
  // Detached: a Ctrl-C ends the one who asked; that in turn closes the pipe, and everything is cleaned up.
  const child = spawn(process.execPath, [SUPERVISOR, ...names], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value, done } = await lines.next();
  if (done) throw new Error('The database servers for the tests could not be started');
  child.unref();
  child.stdout.unref();
  child.stdin.unref();
  const { env, missing } = JSON.parse(value);
  const stop = async () => {
    child.ref();
    child.stdin.end();
    await exited;
  };
  return { env, missing, stop };
}
