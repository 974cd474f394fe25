import type { INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { newId } from '@app/core';
import { RedisMessagingModule } from '@app/messaging/redis';
import type { RedisMessagingOptions, RedisSettings } from '@app/messaging/redis';
import { Arrivals } from '../contract/waiting';

/** The Redis of the run; absent on a machine that has none. */
const REDIS_URL = process.env.TEST_REDIS_URL;

/** A suite that needs the Redis of the run. Without one its tests are skipped, counted so, and say why. */
export function describeRedis(title: string, suite: (redisUrl: string) => void): void {
  if (REDIS_URL) return describe(title, () => suite(REDIS_URL));
  const missing = JSON.parse(process.env.TEST_SERVERS_MISSING ?? '{}') as { redis?: string };
  describe.skip(`${title} (${missing.redis ?? 'not among TEST_ENGINES'})`, () => suite('redis://127.0.0.1'));
}

/** Keys of its own for every user, so that suites share a server. */
export function redisSettings(keyPrefix = `test-${newId()}`): RedisSettings {
  const { hostname, port } = new URL(REDIS_URL!);
  return {
    host: hostname,
    port: Number(port),
    username: '',
    password: '',
    db: 0,
    tls: 'off',
    tlsCa: '',
    keyPrefix,
    sentinels: [],
    sentinelName: '',
    clusterNodes: [],
  };
}

/** The messaging ports of one process, all of them consumed. */
export async function openRedis(options: Partial<RedisMessagingOptions> = {}) {
  const faults = new Arrivals<unknown>();
  const module = RedisMessagingModule.forRoot({
    redis: redisSettings(),
    queueSecret: 'a secret of at least sixteen characters',
    resultShards: 1,
    consumes: { checks: true, results: true },
    report: (error) => faults.add(error),
    ...options,
  });
  const testing = await Test.createTestingModule({ imports: [module] }).compile();
  const app: INestApplicationContext = await testing.init();
  return { app, faults, close: () => app.close() };
}
