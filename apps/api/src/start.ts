import type { Env } from '@app/core';
import { ClusterRedis } from '@app/messaging/redis';
import { createApi } from '@app/platform';
import { startService } from '@app/platform/process';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiAppModule } from './api-app.module';

/** Starts the API; it ends with the process' signals. @throws StartupError */
export function start(variables: NodeJS.ProcessEnv): Promise<void> {
  const defaults = { SERVICE_NAME: 'peekaping:api', DB_MIGRATE: 'check' };
  return startService({ defaults, requires: ['QUEUE_SECRET'], boot, greet }, variables);
}

async function boot(env: Env): Promise<NestFastifyApplication> {
  const redis = await ClusterRedis.connect(env);
  const app = await createApi(env, await ApiAppModule.forRoot(env, redis));
  const close = app.close.bind(app);
  app.close = () => close().finally(() => redis.close());
  return app;
}

async function greet(app: NestFastifyApplication): Promise<void> {
  new Logger('Peekaping').log(`API at ${await app.getUrl()}/api/v1`);
}
