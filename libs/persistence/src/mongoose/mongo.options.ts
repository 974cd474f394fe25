import { SECOND, StartupError } from '@app/core';
import type { MongooseModuleOptions } from '@nestjs/mongoose';
import type { DatabaseEnv } from '../engine';
import { tlsOptions } from '../tls';

/** How long a request waits for a server that is away before it is told so. */
const SERVER_SELECTION_MS = 5 * SECOND;
const CONNECT_MS = 5 * SECOND;
/** Longer than any command here takes; a server that is frozen, not gone, is given up after it. */
const SOCKET_MS = 30 * SECOND;
const HEARTBEAT_MS = 2 * SECOND;

/** How to reach the database. `DB_HOST` may name several members of a replica set, separated by commas. */
export function connectionOptions(env: DatabaseEnv): MongooseModuleOptions & { uri: string } {
  const { DB_NAME, DB_USER, DB_PASS, DB_POOL_SIZE } = env;
  const tls = tlsOptions(env);
  return {
    uri: `mongodb://${hosts(env).join(',')}/`,
    dbName: databaseName(DB_NAME),
    // Apart from the URI, which drivers like to quote.
    ...(DB_USER && { auth: { username: DB_USER, password: DB_PASS }, authSource: 'admin' }),
    ...(tls && { tls: true, ca: tls.ca, tlsAllowInvalidCertificates: !tls.rejectUnauthorized }),
    maxPoolSize: DB_POOL_SIZE,
    serverSelectionTimeoutMS: SERVER_SELECTION_MS,
    connectTimeoutMS: CONNECT_MS,
    socketTimeoutMS: SOCKET_MS,
    heartbeatFrequencyMS: HEARTBEAT_MS,
    appName: 'peekaping-server',
    autoIndex: false, // migrations make them
    autoCreate: false,
    bufferCommands: false,
  };
}

/** Without credentials. */
export function placeOf(env: DatabaseEnv): string {
  return `MongoDB ${env.DB_NAME} at ${hosts(env).join(', ')}`;
}

function hosts({ DB_HOST, DB_PORT }: DatabaseEnv): string[] {
  return DB_HOST.split(',').map((text) => {
    const host = text.trim();
    if (/^\[.*\]:\d+$/.test(host) || /^[^:]*:\d+$/.test(host)) return host;
    return host.includes(':') && !host.startsWith('[') ? `[${host}]:${DB_PORT}` : `${host}:${DB_PORT}`;
  });
}

/** https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions */
function databaseName(name: string): string {
  if (!/[/\\. "$*<>:|?\0]/.test(name) && Buffer.byteLength(name) < 64) return name;
  throw new StartupError(`DB_NAME ${name} is no name of a MongoDB database: up to 63 letters, digits, _ and -`);
}
