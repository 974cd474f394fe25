import type { FaultReporter } from '../fault-reporter';
import { connectRedis } from './redis-connection';
import type { RedisSettings } from './redis-connection';
import type { RedisClient } from './redis-script';

/** The connections of one process. */
export class RedisConnections {
  readonly commands: RedisClient;
  readonly subscriber: RedisClient;
  /** BullMQ wants one that waits for Redis to come back. */
  readonly queues: RedisClient;

  constructor(settings: RedisSettings, report: FaultReporter) {
    this.commands = connectRedis(settings, 'impatient');
    this.subscriber = connectRedis(settings, 'patient');
    this.queues = connectRedis(settings, 'patient');
    for (const one of this.all) reportOnce(one, report);
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((one) => one.quit().catch(() => one.disconnect())));
  }

  private get all(): RedisClient[] {
    return [this.commands, this.subscriber, this.queues];
  }
}

/** ioredis tells of every attempt to connect. */
function reportOnce(redis: RedisClient, report: FaultReporter): void {
  let away = false;
  redis.on('ready', () => {
    away = false;
  });
  redis.on('error', (error: unknown) => {
    if (!away) report(error, 'the connection to Redis; it is tried again until it works');
    away = true;
  });
}
