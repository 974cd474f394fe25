// Children and temporary folders of a run. Whatever way it ends, none of them is left behind.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const SERVER = path.join(ROOT, 'dist/standalone/main.js');

const STOP_DEADLINE_MS = 12_000;

const children = new Set();
const folders = new Set();

process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
]) {
  process.on(signal, () => process.exit(128 + number));
}

/** A folder that is removed at the end. */
export function tempFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'peekaping-bench-'));
  folders.add(folder);
  return folder;
}

/** Path of a script in test/bench/support. */
export function script(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

/**
 * Starts a Node program.
 * @param {string} file
 * @param {{ args?: string[], env?: Record<string, string>, cwd?: string, execArgv?: string[] }} [options]
 */
export function start(file, { args = [], env = {}, cwd, execArgv = [] } = {}) {
  const { PATH, HOME } = process.env;
  const child = fork(file, args, {
    cwd,
    execArgv,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Ends a child, by force if it does not care. */
export async function stop(child, signal = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  child.kill(signal);
  await ended;
  clearTimeout(timer);
}

/** The first message of a child, after `order` was sent to it. Fails when it ends without one. */
export function ask(child, order) {
  return new Promise((resolve, reject) => {
    const ended = (code) => reject(new Error(`${child.spawnargs.at(1)} ended with ${code} instead of an answer`));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer);
    });
    if (order !== undefined) child.send(order);
  });
}

/** Runs a helper script for one order. */
export async function runOnce(name, order) {
  const child = start(script(name));
  try {
    return await ask(child, order);
  } finally {
    await stop(child);
  }
}

/** A TCP port of the loopback interface that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
