// Load on a server, and what it cost.
import { runOnce } from './processes.mjs';
import { cpuMs } from './usage.mjs';

export const CONNECTIONS = 16;

/**
 * Drives a server from a process of its own.
 * @param {object} options for autocannon; `paths` is a list that every connection walks through from a place of its own
 * @returns {Promise<{ ok: number, failed: number, seconds: number }>}
 */
export function load(options) {
  return runOnce('load-process.mjs', { connections: CONNECTIONS, ...options });
}

/** The same, with the CPU time that the server spent on each request, in microseconds. */
export async function measuredLoad(server, { path, paths, ...options }) {
  const before = cpuMs(server.pid);
  const result = await load({ url: server.url + (path ?? ''), paths, headers: server.headers, ...options });
  if (result.failed > 0) throw new Error(`${result.failed} requests failed: ${path ?? paths[0]}`);
  return { ...result, cpuUs: ((cpuMs(server.pid) - before) * 1000) / result.ok };
}
