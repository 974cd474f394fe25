import type { Clock, Env } from '@app/core';
import { PinoLogger, configureHttp, createHttpAdapter, createLogger, serveSwagger } from '@app/platform';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { StandaloneModule } from './standalone.module';
import { RELEASE } from './release';

/** The server, ready to listen. Tests start it the same way, with a clock of their own. */
export async function createApp(env: Env, clock?: Clock): Promise<NestFastifyApplication> {
  const logger = createLogger(env);
  const app = await NestFactory.create<NestFastifyApplication>(
    await StandaloneModule.forRoot(env, clock),
    createHttpAdapter(env, logger),
    { logger: new PinoLogger(logger), bodyParser: false, abortOnError: false },
  );
  configureHttp(app);
  if (env.SWAGGER) serveSwagger(app, { version: RELEASE });
  return app;
}
