import type { Clock, Env } from '@app/core';
import { createApi } from '@app/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { StandaloneModule } from './standalone.module';

/** The server, ready to listen. Tests start it the same way, with a clock of their own. */
export async function createApp(env: Env, clock?: Clock): Promise<NestFastifyApplication> {
  return createApi(env, await StandaloneModule.forRoot(env, clock));
}
