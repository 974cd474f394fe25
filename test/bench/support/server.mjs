// The servers under test: ours and the bare ones it is compared with.
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SERVER, freePort, start, stop } from './processes.mjs';

export const ACCOUNT = { email: 'bench@example.com', password: 'Bench-mark-1' };

const HELLO = fileURLToPath(new URL('../hello.mjs', import.meta.url));
const START_DEADLINE_MS = 60_000;
const POLL_MS = 2;

/**
 * @typedef {{ pid: number, url: string, headers: Record<string, string>, startMs: number, stop(): Promise<void> }} Server
 */

/** A bare Fastify. @returns {Promise<Server>} */
export async function startHello() {
  const port = await freePort();
  return untilHealthy(() => start(HELLO, { args: [String(port)] }), port);
}

/**
 * Our server on a database file. @returns {Promise<Server>}
 * @param {string} file
 * @param {{ env?: Record<string, string>, execArgv?: string[] }} [options]
 */
export async function startServer(file, { env = {}, execArgv } = {}) {
  const port = await freePort();
  const variables = {
    SERVER_HOST: '127.0.0.1',
    SERVER_PORT: String(port),
    DB_NAME: file,
    LOG_LEVEL: 'warn',
    LOG_PRETTY: 'false',
    // Counted as always, but never refused.
    THROTTLE_LIMIT: '1000000000',
    THROTTLE_AUTH_LIMIT: '1000000000',
    ...env,
  };
  return untilHealthy(() => start(SERVER, { env: variables, cwd: path.dirname(file), execArgv }), port);
}

/** Signs in; from then on the server's `headers` carry the token. */
export async function signIn(server, route = 'login') {
  const { accessToken } = await post(server, `/api/v1/auth/${route}`, ACCOUNT);
  server.headers = { authorization: `Bearer ${accessToken}` };
  return server;
}

/** @returns the `data` of the answer. */
export async function post(server, route, body) {
  const response = await fetch(server.url + route, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...server.headers },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`POST ${route}: ${response.status} ${answer.message}`);
  return answer.data;
}

/** From just before the program is executed to its first healthy answer. */
async function untilHealthy(execute, port) {
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = execute();
  for (;;) {
    const healthy = await fetch(`${url}/health`).then(
      async (response) => (await response.text()) !== '' && response.ok,
      () => false,
    );
    const startMs = performance.now() - startedAt;
    if (healthy) return { pid: child.pid, url, headers: {}, startMs, stop: () => stop(child) };
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode} at start`);
    if (startMs > START_DEADLINE_MS) throw new Error('the server is not healthy after a minute');
    await delay(POLL_MS);
  }
}
