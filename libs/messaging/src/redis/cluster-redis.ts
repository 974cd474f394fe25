import type { Env } from '@app/core';
import type { DynamicModule } from '@nestjs/common';
import { RedisClock } from './redis-clock';
import { checkRedis, connectRedis, redisPlace, redisSettings } from './redis-connection';
import type { RedisSettings } from './redis-connection';
import { RedisMessagingModule } from './redis-messaging.module';
import type { RedisMessagingOptions } from './redis-messaging.module';
import type { RedisClient } from './redis-script';

/** What a service has of Redis before it is put together: a look whether it can be used, and the time. */
export class ClusterRedis {
  private constructor(
    private readonly env: Env,
    private readonly settings: RedisSettings,
    private readonly connection: RedisClient,
    readonly clock: RedisClock,
  ) {}

  /** @throws StartupError when Redis is not there, or not what is needed. */
  static async connect(env: Env): Promise<ClusterRedis> {
    const settings = redisSettings(env);
    const connection = connectRedis(settings, 'impatient');
    // The messaging module tells of its own connections; this one only answers questions.
    connection.on('error', () => undefined);
    try {
      await checkRedis(connection, redisPlace(settings));
      return new ClusterRedis(env, settings, connection, await RedisClock.start(connection));
    } catch (error) {
      connection.disconnect();
      throw error;
    }
  }

  /** The messaging ports; `consumes` nothing unless told. */
  messaging(consumes: Partial<RedisMessagingOptions['consumes']> = {}): DynamicModule {
    return RedisMessagingModule.forRoot({
      redis: this.settings,
      queueSecret: this.env.QUEUE_SECRET,
      resultShards: this.env.QUEUE_RESULT_SHARDS,
      consumes: { checks: false, results: false, ...consumes },
    });
  }

  async ping(): Promise<void> {
    await this.connection.ping();
  }

  close(): void {
    this.clock.stop();
    this.connection.disconnect();
  }
}
