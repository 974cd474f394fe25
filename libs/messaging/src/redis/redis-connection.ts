import { SECOND, StartupError } from '@app/core';
import type { ClusterNode, RedisOptions } from 'ioredis';
import { Cluster, Redis } from 'ioredis';
import type { RedisClient } from './redis-script';

export interface RedisSettings {
  host: string;
  port: number;
  username: string;
  password: string;
  db: number;
  tls: boolean;
  /** PEM text of the authority that signed the server's certificate; "" = the usual ones. */
  tlsCa: string;
  /** In front of every key, so that several installations share one Redis. */
  keyPrefix: string;
  /** `host:port` of the sentinels; empty = none. https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/ */
  sentinels: readonly string[];
  sentinelName: string;
  /** `host:port` of some nodes of a cluster; empty = none. */
  clusterNodes: readonly string[];
}

/** A command that has no answer by then has failed. */
const COMMAND_TIMEOUT_MS = 5 * SECOND;
const CONNECT_TIMEOUT_MS = 5 * SECOND;
const RECONNECT_MAX_MS = 2 * SECOND;

/**
 * `impatient` connections answer with an error when Redis is away; `patient` ones wait until it is back, which is what
 * BullMQ's workers and subscribers need.
 */
export function connectRedis(settings: RedisSettings, patience: 'patient' | 'impatient'): RedisClient {
  const impatient = { commandTimeout: COMMAND_TIMEOUT_MS, maxRetriesPerRequest: 1, enableOfflineQueue: true };
  const options: RedisOptions = {
    username: settings.username || undefined,
    password: settings.password || undefined,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(100 * times, RECONNECT_MAX_MS),
    ...(settings.tls && { tls: settings.tlsCa ? { ca: settings.tlsCa } : {} }),
    ...(patience === 'patient' ? { maxRetriesPerRequest: null } : impatient),
  };
  if (settings.clusterNodes.length > 0) {
    return new Cluster(settings.clusterNodes.map(nodeOf), {
      redisOptions: options,
      clusterRetryStrategy: options.retryStrategy as never,
    });
  }
  if (settings.sentinels.length > 0) {
    const sentinels = settings.sentinels.map(nodeOf);
    return new Redis({ ...options, db: settings.db, sentinels, name: settings.sentinelName });
  }
  return new Redis({ ...options, db: settings.db, host: settings.host, port: settings.port });
}

/** @throws StartupError when Redis does not answer, or is not what is needed. */
export async function checkRedis(redis: RedisClient, where: string): Promise<void> {
  let info: string;
  try {
    info = await redis.info('server');
  } catch (error) {
    throw new StartupError(
      `Redis at ${where} cannot be used: ${reasonOf(error)}. See REDIS_HOST, REDIS_PORT, REDIS_USERNAME, REDIS_PASSWORD, REDIS_TLS`,
    );
  }
  const version = /^redis_version:(\d+)\.(\d+)/m.exec(info);
  if (version && (Number(version[1]) < 6 || (Number(version[1]) === 6 && Number(version[2]) < 2))) {
    throw new StartupError(`Redis at ${where} has version ${version[1]}.${version[2]}; 6.2 or later is needed`);
  }
}

function nodeOf(text: string): ClusterNode & { host: string; port: number } {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at), port: Number(text.slice(at + 1)) };
}

function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return message.replaceAll(/\s+/g, ' ');
}
