import type { Env } from '@app/core';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PinoLogger, createLogger } from '../logging/pino-logger';
import { ProbeServer } from './probe-server';
import { Readiness } from './readiness';
import type { ServiceApp } from './start-service';

/** A service that serves nothing but its probes. */
export class ServiceContext implements ServiceApp {
  private closed: () => void = () => undefined;

  private constructor(
    readonly app: INestApplicationContext,
    private readonly probes: ProbeServer,
  ) {}

  /** `root` provides a `Readiness`. */
  static async create(env: Env, root: DynamicModule): Promise<ServiceContext> {
    const logger = new PinoLogger(createLogger(env));
    const app = await NestFactory.createApplicationContext(root, { logger, abortOnError: false });
    return new ServiceContext(app, new ProbeServer(app.get(Readiness)));
  }

  async listen(port: number, host: string): Promise<void> {
    await this.probes.listen(port, host);
  }

  /** `listener` frees what the modules did not make themselves. */
  onClosed(listener: () => void): void {
    this.closed = listener;
  }

  /** Answers probes until the work that was taken is finished. */
  async close(): Promise<void> {
    await this.app.close();
    await this.probes.close();
    this.closed();
  }
}
