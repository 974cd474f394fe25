export { ClusterRedis } from './cluster-redis';
export { RedisClock } from './redis-clock';
export { checkRedis, connectRedis, redisPlace, redisSettings } from './redis-connection';
export type { RedisSettings } from './redis-connection';
export { RedisConnections } from './connections';
export * from './redis-messaging.module';
export { timeOf } from './redis-time';
