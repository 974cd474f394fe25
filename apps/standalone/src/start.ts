import { StartupError, Store, loadEnv } from '@app/core';
import type { Env } from '@app/core';
import { User } from '@app/modules/users';
import { loadEngine } from '@app/persistence';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app';
import { environment } from '@app/platform/environment';

/** Whatever hangs, nobody waits longer than this for the end. */
const STOP_DEADLINE_MS = 10_000;

/** Starts the server; it ends with the process' signals. @throws StartupError */
export async function start(variables: NodeJS.ProcessEnv): Promise<void> {
  const env = loadEnv(environment(variables));
  // Node reads TZ when the first date is formatted; a zone given in .env has to be in place before.
  variables.TZ = env.TZ;
  const signals = listenForSignals();
  const app = await createApp(env);
  try {
    await listen(app, env);
  } catch (error) {
    await app.close();
    throw error;
  }
  signals.handOver(app);
  await greet(app, env);
}

async function listen(app: NestFastifyApplication, { SERVER_PORT, SERVER_HOST }: Env): Promise<void> {
  try {
    await app.listen(SERVER_PORT, SERVER_HOST);
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'EADDRINUSE':
        throw new StartupError(
          `Port ${SERVER_PORT} is in use: stop the program that uses it, or set SERVER_PORT to another one`,
          { cause: error },
        );
      case 'EACCES':
        throw new StartupError(`This user may not listen on port ${SERVER_PORT}: set SERVER_PORT to one above 1023`, {
          cause: error,
        });
      case 'EADDRNOTAVAIL':
        throw new StartupError(`SERVER_HOST ${SERVER_HOST} is no address of this machine`, { cause: error });
      default:
        throw error;
    }
  }
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

/** The first signal ends the server in order, a second one at once. */
function listenForSignals(): { handOver(app: NestFastifyApplication): void } {
  let app: NestFastifyApplication | undefined;
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping || !app) process.exit(stopping ? 1 : 0);
    stopping = true;
    new Logger('Peekaping').log(`${signal}: stopping; once more ends at once`);
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        new Logger('Peekaping').error({ err: error }, 'Stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return {
    handOver(started) {
      app = started;
    },
  };
}
