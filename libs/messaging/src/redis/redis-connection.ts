import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { SECOND, StartupError, messageOf } from '@app/core';
import type { Env } from '@app/core';
import type { ClusterNode, RedisOptions } from 'ioredis';
import { Cluster, Redis } from 'ioredis';
import type { RedisClient } from './redis-script';

export interface RedisSettings {
  host: string;
  port: number;
  username: string;
  password: string;
  db: number;
  tls: 'off' | 'on' | 'unverified';
  /** PEM text of the authorities to trust; "" = those of Node.js. */
  tlsCa: string;
  /** In front of every key, so that several installations share one Redis. */
  keyPrefix: string;
  /** `host:port` of the sentinels; empty = none. https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/ */
  sentinels: readonly string[];
  sentinelName: string;
  /** `host:port` of some nodes of a cluster; empty = none. */
  clusterNodes: readonly string[];
}

/** @throws StartupError for a certificate file that cannot be read. */
export function redisSettings(env: Env): RedisSettings {
  return {
    host: env.REDIS_HOST,
    port: env.REDIS_PORT,
    username: env.REDIS_USERNAME,
    password: env.REDIS_PASSWORD,
    db: env.REDIS_DB,
    tls: env.REDIS_TLS,
    tlsCa: env.REDIS_TLS_CA && readCertificates(env.REDIS_TLS_CA),
    keyPrefix: env.REDIS_KEY_PREFIX,
    sentinels: env.REDIS_SENTINELS,
    sentinelName: env.REDIS_SENTINEL_NAME,
    clusterNodes: env.REDIS_CLUSTER_NODES,
  };
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartupError(`REDIS_TLS_CA ${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
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
    tls: tlsOf(settings),
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

/** Where Redis is, for people. */
export function redisPlace({ host, port, sentinels, clusterNodes }: RedisSettings): string {
  if (clusterNodes.length > 0) return clusterNodes.join(', ');
  return sentinels.length > 0 ? sentinels.join(', ') : `${host}:${port}`;
}

/** @throws StartupError when Redis does not answer, or is not what is needed. */
export async function checkRedis(redis: RedisClient, where: string): Promise<void> {
  let info: string;
  try {
    info = await redis.info('server');
  } catch (error) {
    throw new StartupError(
      `Redis at ${where} cannot be used: ${messageOf(error)}. See REDIS_HOST, REDIS_PORT, REDIS_USERNAME, REDIS_PASSWORD, REDIS_TLS`,
    );
  }
  const version = /^redis_version:(\d+)\.(\d+)/m.exec(info);
  if (version && (Number(version[1]) < 6 || (Number(version[1]) === 6 && Number(version[2]) < 2))) {
    throw new StartupError(`Redis at ${where} has version ${version[1]}.${version[2]}; 6.2 or later is needed`);
  }
}

function tlsOf({ tls, tlsCa }: RedisSettings): ConnectionOptions | undefined {
  if (tls === 'off') return undefined;
  return { ...(tlsCa && { ca: tlsCa }), rejectUnauthorized: tls === 'on' };
}

function nodeOf(text: string): ClusterNode & { host: string; port: number } {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
}
