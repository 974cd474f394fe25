import type { EntityClass } from '@app/core';
import { types } from 'pg';
import type { PoolConfig } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import type { DatabaseEnv } from '../../engine';
import { tlsOptions } from '../../tls';
import { toEntitySchemas } from '../entity-schemas';
import { MIGRATIONS, MIGRATIONS_TABLE } from '../migrations';
import { postgresDialect } from './postgres.dialect';

/** To a server that is away: longer than a slow handshake, shorter than a caller's patience. */
const CONNECT_TIMEOUT_MS = 5_000;
/** For an answer: a connection may be dead without anybody having said so. */
const QUERY_TIMEOUT_MS = 20_000;

const BIGINT_OID = 20;

/** Whole numbers as numbers: none here has more than 53 bits. */
const PARSERS: PoolConfig['types'] = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === BIGINT_OID ? Number : (types.getTypeParser(oid, format) as unknown)) as typeof types.getTypeParser,
};

/** The connections of a running server. Nothing is set per session, so that a pooler (PgBouncer) may stand between. */
export function postgresOptions(env: DatabaseEnv, entities: readonly EntityClass[]): DataSourceOptions {
  const extra: PoolConfig = {
    max: env.DB_POOL_SIZE,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    types: PARSERS,
  };
  return { ...common(env), entities: toEntitySchemas(entities, postgresDialect), extra };
}

/** Two connections, one of which holds the lock. Building an index may take its time. */
export function postgresMigrationOptions(env: DatabaseEnv, entities: readonly EntityClass[] = []): DataSourceOptions {
  return { ...common(env), entities: toEntitySchemas(entities, postgresDialect), extra: { max: 3, keepAlive: true } };
}

function common(env: DatabaseEnv) {
  return {
    type: 'postgres' as const,
    host: env.DB_HOST,
    port: env.DB_PORT ?? undefined,
    username: env.DB_USER,
    password: env.DB_PASS,
    database: env.DB_NAME,
    ssl: tlsOptions(env) ?? false,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    applicationName: 'peekaping',
    installExtensions: false,
    migrations: MIGRATIONS,
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each' as const,
    // An idle connection that is lost leaves the pool; whoever needs one next finds out.
    poolErrorHandler: () => undefined,
    logging: false,
  };
}
