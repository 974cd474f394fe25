import { mariadb } from './mariadb.mjs';
import { mongo } from './mongo.mjs';
import { postgres } from './postgres.mjs';
import { redis } from './redis.mjs';

/** Every server that the tests use. */
export const SERVERS = [postgres, mariadb, mongo, redis];
