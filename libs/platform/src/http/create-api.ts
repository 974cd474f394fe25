import type { Env } from '@app/core';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PinoLogger, createLogger } from '../logging/pino-logger';
import { serveSwagger } from '../openapi/swagger';
import { RELEASE } from '../process/release';
import { configureHttp, createHttpAdapter } from './http-server';

/** An application that serves the routes of `root`, ready to listen. */
export async function createApi(env: Env, root: DynamicModule): Promise<NestFastifyApplication> {
  const logger = createLogger(env);
  const app = await NestFactory.create<NestFastifyApplication>(root, createHttpAdapter(env, logger), {
    logger: new PinoLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  configureHttp(app);
  if (env.SWAGGER) serveSwagger(app, { version: RELEASE });
  return app;
}
