import { randomBytes } from 'node:crypto';
import { loadEnv } from '@app/core';
import type { EntityClass, Env } from '@app/core';
import { openMongo } from '@app/persistence/mongoose';
import type { OpenMongo } from '@app/persistence/mongoose';
import { FakeClock } from '../support/clock';

/** The server that the run started; undefined where there is none. */
export const mongoUrl = process.env.TEST_MONGO_URL;

/** Variables for a database that nobody has. */
export function mongoVariables(): Record<string, string> {
  const { hostname, port, username, password } = new URL(mongoUrl!);
  return {
    DB_TYPE: 'mongo',
    DB_HOST: hostname,
    DB_PORT: port || '27017',
    DB_NAME: `test_${randomBytes(8).toString('hex')}`,
    ...(username && { DB_USER: decodeURIComponent(username), DB_PASS: decodeURIComponent(password) }),
  };
}

export function mongoEnv(): Env {
  return loadEnv(mongoVariables());
}

export interface TestMongo extends OpenMongo {
  clock: FakeClock;
}

/** A migrated database of its own; `close` removes it. */
export async function openTemporaryMongo(entities: readonly EntityClass[]): Promise<TestMongo> {
  const clock = new FakeClock();
  const database = await openMongo(mongoEnv(), entities, clock);
  return {
    ...database,
    clock,
    async close() {
      await database.db.dropDatabase().catch(() => undefined); // a test may have closed it
      await database.close();
    },
  };
}

/** A suite that needs the server; elsewhere it says that it is skipped. */
export const describeMongo = mongoUrl ? describe : describe.skip;
