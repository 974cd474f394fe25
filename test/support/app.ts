import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadEnv } from '@app/core';
import type { Clock } from '@app/core';
import type { Abstract, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../apps/standalone/src/app';

export interface AppOptions {
  /** Variables that differ from their defaults. */
  env?: Record<string, string>;
  clock?: Clock;
  /** Keeps its database here: for a second start on the same one. The folder is the caller's to remove. */
  folder?: string;
}

export interface RunningApp {
  /** `http://127.0.0.1:<port>` */
  url: string;
  app: NestFastifyApplication;
  /** Any provider of any module. */
  get<T>(token: Type<T> | Abstract<T>): T;
  /** Stops it and removes its database. */
  close(): Promise<void>;
}

/** Starts the server on a free port, with an empty database of its own. */
export async function startApp({ env = {}, clock, folder }: AppOptions = {}): Promise<RunningApp> {
  const home = folder ?? (await mkdtemp(path.join(tmpdir(), 'peekaping-test-')));
  const variables = { DB_NAME: path.join(home, 'test.db'), LOG_LEVEL: 'fatal', LOG_PRETTY: 'false', ...env };
  const app = await createApp(loadEnv(variables), clock);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    app,
    get: (token) => app.get(token, { strict: false }),
    close: async () => {
      await app.close();
      if (!folder) await rm(home, { recursive: true, force: true });
    },
  };
}

/** A server for all tests of a `describe` or a file. */
export function useApp(options: AppOptions = {}): RunningApp {
  let running: RunningApp | undefined;
  beforeAll(async () => {
    running = await startApp(options);
  });
  afterAll(() => running?.close());
  const current = () => {
    if (!running) throw new Error('The server runs inside tests and hooks only');
    return running;
  };
  return {
    get url() {
      return current().url;
    },
    get app() {
      return current().app;
    },
    get: (token) => current().get(token),
    close: () => current().close(),
  };
}
