import type { Env } from '@app/core';
import { ClusterRedis } from '@app/messaging/redis';
import { ServiceContext, startService } from '@app/platform/process';
import { Logger } from '@nestjs/common';
import { ProducerAppModule } from './producer-app.module';

/** Starts the producer; it ends with the process' signals. @throws StartupError */
export function start(variables: NodeJS.ProcessEnv): Promise<void> {
  const defaults = { SERVICE_NAME: 'peekaping:producer', SERVER_PORT: '8035', DB_MIGRATE: 'check' };
  return startService({ defaults, requires: ['QUEUE_SECRET'], boot, greet }, variables);
}

async function boot(env: Env): Promise<ServiceContext> {
  const redis = await ClusterRedis.connect(env);
  const service = await ServiceContext.create(env, await ProducerAppModule.forRoot(env, redis));
  service.onClosed(() => redis.close());
  return service;
}

function greet(_service: ServiceContext, { SERVER_PORT }: Env): Promise<void> {
  new Logger('Peekaping').log(`The producer works; probes on port ${SERVER_PORT}`);
  return Promise.resolve();
}
