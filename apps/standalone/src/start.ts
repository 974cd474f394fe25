import { Store } from '@app/core';
import type { Env } from '@app/core';
import { User } from '@app/modules/users';
import { loadEngine } from '@app/persistence';
import { startService } from '@app/platform/process';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app';

/** Starts the server; it ends with the process' signals. @throws StartupError */
export function start(variables: NodeJS.ProcessEnv): Promise<void> {
  return startService({ boot: (env) => createApp(env), greet }, variables);
}

/** Where everything is; and the first step, while nobody has an account. */
async function greet(app: NestFastifyApplication, env: Env): Promise<void> {
  const logger = new Logger('Peekaping');
  const url = (await app.getUrl()).replace(/0\.0\.0\.0|\[::\]/, 'localhost');
  const engine = await loadEngine(env.DB_TYPE);
  logger.log(`API at ${url}/api/v1, data in ${engine.place(env)}`);
  if (env.SWAGGER) logger.log(`API document at ${url}/swagger/index.html`);
  if (await hasAccounts(app)) return;
  const account = `'{"email":"you@example.org","password":"<8 or more, with upper, lower, digit and special>"}'`;
  logger.log(`No account yet. Create the first: curl -X POST ${url}/api/v1/auth/register -d ${account}`);
}

/** The server runs already: a database that goes away at this moment is no reason to end. */
async function hasAccounts(app: NestFastifyApplication): Promise<boolean> {
  const count = await app
    .get(Store)
    .collection(User)
    .count()
    .catch(() => 1);
  return count > 0;
}
