import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './machine.mjs';

const READY_WITHIN_MS = 30_000;

/** One server with its data in a folder. It keeps its port, and its data, when it is stopped and started again. */
export class Service {
  #launch;
  #port;
  #process;

  constructor(kind, folder) {
    this.kind = kind;
    this.folder = path.join(folder, kind.name);
    this.log = path.join(folder, `${kind.name}.log`);
  }

  /** @throws Missing */
  async create() {
    this.#launch = this.kind.prepare(this.folder);
    for (let attempt = 1; ; attempt += 1) {
      this.#port = await freePort();
      try {
        return await this.start();
      } catch (error) {
        if (attempt === 3) throw error; // otherwise somebody took the port in between
      }
    }
  }

  get url() {
    return this.#launch(this.#port).url;
  }

  async start() {
    const { program, args, options, url } = this.#launch(this.#port);
    const output = openSync(this.log, 'a');
    this.#process = spawn(program, args, { ...options, stdio: ['ignore', output, output] });
    const ended = once(this.#process, 'exit').catch(() => {});
    let hasEnded = false;
    void ended.then(() => (hasEnded = true));
    for (const until = Date.now() + READY_WITHIN_MS; ; await wait(20)) {
      const ready = await this.kind.probe(url).then(
        () => true,
        () => false,
      );
      if (ready && !hasEnded) return url;
      if (hasEnded || Date.now() > until) {
        await this.#end('SIGKILL');
        throw new Error(`${program} did not start:\n${readFileSync(this.log, 'utf8').slice(-2000)}`);
      }
    }
  }

  /** As an administrator would: what it had confirmed stays. */
  stop() {
    return this.#end(this.kind.halt);
  }

  /** As a crash would. */
  kill() {
    return this.#end(this.kind.crash);
  }

  async #end(signal) {
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill(signal);
    const late = setTimeout(() => running.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(late);
  }
}
