import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { DatabaseType } from '@app/core';

const SUPERVISOR = path.join(__dirname, 'servers', 'supervisor.mjs');

type Answer = { env?: Record<string, string>; missing?: Record<string, string>; error?: string };

/** A database server that one suite may stop, kill and start; it keeps its port and its data. */
export class PrivateServer {
  private readonly answers: AsyncIterator<string>;
  /** As an administrator of it. */
  url = '';

  private constructor(
    private readonly engine: DatabaseType,
    private readonly child: ChildProcess,
  ) {
    this.answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  static async start(engine: DatabaseType): Promise<PrivateServer> {
    const stdio = ['pipe', 'pipe', 'inherit'] as const;
    const server = new PrivateServer(engine, spawn(process.execPath, [SUPERVISOR, engine], { stdio: [...stdio] }));
    const { env, missing } = await server.answer();
    const [url] = Object.values(env!);
    if (url === undefined) throw new Error(`There is no ${engine} server: ${missing![engine]}`);
    server.url = url;
    return server;
  }

  /** In order, as for maintenance. */
  stop(): Promise<void> {
    return this.order('stop');
  }

  /** As a crash. */
  kill(): Promise<void> {
    return this.order('kill');
  }

  /** Resolves when it takes connections. */
  resume(): Promise<void> {
    return this.order('start');
  }

  async close(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.stdin!.end();
    await ended;
  }

  private async order(command: string): Promise<void> {
    this.child.stdin!.write(`${command} ${this.engine}\n`);
    const { error } = await this.answer();
    if (error) throw new Error(error);
  }

  private async answer(): Promise<Answer> {
    const { value, done } = await this.answers.next();
    if (done) throw new Error('The supervisor of the database server ended');
    return JSON.parse(value) as Answer;
  }
}
