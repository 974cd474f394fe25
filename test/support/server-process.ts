import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase } from './databases';
import type { TestDatabase } from './databases';
import { engineUnderTest } from './engines';
import { eventually } from './eventually';
import { closedPort } from './targets';

const ROOT = path.resolve(__dirname, '../..');

/** Compiles the server when a source is newer; `npm test` has done it before. */
export async function ensureBuilt(): Promise<void> {
  const lock = path.join(tmpdir(), 'peekaping-test-build.lock');
  await eventually('nobody else compiles', () => tryLock(lock), Boolean, 120_000);
  try {
    const script = "import('./scripts/prepare.mjs').then(({ ensureBuilt }) => ensureBuilt())";
    const { status, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' });
    if (status !== 0) throw new Error(`Compiling failed:\n${stderr}`);
  } finally {
    rmdirSync(lock);
  }
}

function tryLock(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

export interface ServerOptions {
  /** Working directory, with the SQLite file unless told otherwise. */
  folder: string;
  env?: Record<string, string>;
  /** One of `apps/`; absent: standalone. */
  app?: string;
  /** Runs it as somebody else; takes root. */
  user?: { uid: number; gid: number };
}

/** The compiled server in a process of its own. */
export class ServerProcess {
  /** Where it listens, once it is up. */
  url = '';
  private output = '';
  private readonly exited: Promise<number | NodeJS.Signals>;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => (this.output += text));
    }
    this.exited = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  }

  /** Starts it, and waits for nothing. */
  static async spawn({ folder, env = {}, app = 'standalone', user }: ServerOptions): Promise<ServerProcess> {
    const variables = {
      PATH: process.env.PATH,
      SERVER_HOST: '127.0.0.1',
      SERVER_PORT: String(await closedPort()),
      DB_NAME: path.join(folder, 'test.db'),
      LOG_PRETTY: 'false',
      ...env,
    };
    const main = path.join(ROOT, 'dist', app, 'main.js');
    return new ServerProcess(spawn(process.execPath, [main], { cwd: folder, env: variables, stdio: 'pipe', ...user }));
  }

  /** Resolves when it can be used. */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    const server = await ServerProcess.spawn(options);
    const isUp = () =>
      /API at (http:\/\/[^/]+)\/api\/v1/.exec(server.output)?.[1] ??
      /probes on port (\d+)/.exec(server.output)?.[1]?.replace(/^/, 'http://127.0.0.1:');
    const hasEnded = () => server.child.exitCode !== null;
    const url = await eventually('the server is up', isUp, (found) => found !== undefined || hasEnded(), 30_000);
    if (url === undefined) throw new Error(`The server did not start:\n${server.output}`);
    server.url = url;
    return server;
  }

  /** What it wrote, line by line. */
  get lines(): string[] {
    return this.output.split('\n').filter((line) => line !== '');
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** @returns the exit code, or the signal that ended it. */
  ended(withinMs = 20_000): Promise<number | NodeJS.Signals> {
    const late = new Promise<never>((_, reject) => {
      const error = () => reject(new Error(`Did not end within ${withinMs} ms:\n${this.output}`));
      setTimeout(error, withinMs).unref();
    });
    return Promise.race([this.exited, late]);
  }

  /** As a crash or a power cut would. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.exited;
  }
}

async function databaseIn(folder: string): Promise<TestDatabase> {
  const engine = engineUnderTest();
  if (engine !== 'sqlite') return createDatabase(engine);
  const file = path.join(folder, 'test.db');
  return { engine, env: { DB_TYPE: engine, DB_NAME: file }, url: file, drop: () => Promise.resolve() };
}

/** Somebody who, unlike root, is stopped by file modes, and who can run the server; null when there is none. */
export function ordinaryUser(): ServerOptions['user'] | null {
  if (process.getuid?.() !== 0) return undefined;
  const number = (flag: string) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout);
  const user = { uid: number('-u'), gid: number('-g') };
  const { status } = spawnSync(process.execPath, ['-e', 'require("fs").accessSync(process.argv[1])', ROOT], user);
  return status === 0 ? user : null;
}

/**
 * A folder for a `describe`, an empty database on the engine under test, and what is started on them; nothing is left
 * behind.
 */
export function useServerFolder() {
  const started: ServerProcess[] = [];
  let folder = '';
  let place: TestDatabase;
  beforeAll(ensureBuilt, 180_000);
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'peekaping-chaos-'));
    place = await databaseIn(folder);
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.kill()));
    await place.drop();
    await rm(folder, { recursive: true, force: true });
  });
  const track = (server: ServerProcess) => {
    started.push(server);
    return server;
  };
  return {
    get path() {
      return folder;
    },
    /** The file, on SQLite. */
    get database() {
      return place.url;
    },
    get place() {
      return place;
    },
    start: async (env?: Record<string, string>, app?: string) =>
      track(await ServerProcess.start({ folder, env: { ...place.env, ...env }, app })),
    spawn: async (env?: Record<string, string>, user?: ServerOptions['user']) =>
      track(await ServerProcess.spawn({ folder, env: { ...place.env, ...env }, user })),
  };
}
