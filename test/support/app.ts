import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { loadEnv } from '@app/core';
import type { Clock } from '@app/core';
import type { Abstract, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../apps/standalone/src/app';
import { createDatabase } from './databases';
import type { TestDatabase } from './databases';
import { engineUnderTest } from './engines';

export interface AppOptions {
  /** Variables that differ from their defaults. */
  env?: Record<string, string>;
  clock?: Clock;
  /** The caller's to drop: for a second start on the same one. */
  database?: TestDatabase;
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

/** Starts the server on a free port, with an empty database of its own on the engine under test. */
export async function startApp({ env = {}, clock, database }: AppOptions = {}): Promise<RunningApp> {
  const { env: place, drop } = database ?? (await createDatabase(engineUnderTest()));
  const variables = { ...place, LOG_LEVEL: 'fatal', LOG_PRETTY: 'false', ...env };
  const app = await createApp(loadEnv(variables), clock);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    app,
    get: (token) => app.get(token, { strict: false }),
    close: async () => {
      await app.close();
      if (!database) await drop();
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
