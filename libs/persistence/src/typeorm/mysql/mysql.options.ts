import type { EntityClass } from '@app/core';
import type { DataSourceOptions } from 'typeorm';
import type { DatabaseEnv } from '../../engine';
import { tlsOptions } from '../../tls';
import type { Dialect } from '../dialect';
import { toEntitySchemas } from '../entity-schemas';
import { MIGRATIONS, MIGRATIONS_TABLE } from '../migrations';
import { mariadbDialect, mysqlDialect } from './mysql.dialect';

/** To a server that is away: longer than a slow handshake, shorter than a caller's patience. */
export const CONNECT_TIMEOUT_MS = 5_000;

export type Flavour = 'mysql' | 'mariadb';

export function dialectOfFlavour(flavour: Flavour): Dialect {
  return flavour === 'mariadb' ? mariadbDialect : mysqlDialect;
}

/** The connections of a running server. */
export function mysqlOptions(env: DatabaseEnv, entities: readonly EntityClass[], flavour: Flavour): DataSourceOptions {
  return options(env, entities, flavour, env.DB_POOL_SIZE);
}

/** A few connections, one of which holds the lock. */
export function mysqlMigrationOptions(
  env: DatabaseEnv,
  entities: readonly EntityClass[],
  flavour: Flavour,
): DataSourceOptions {
  return options(env, entities, flavour, 3);
}

function options(env: DatabaseEnv, entities: readonly EntityClass[], type: Flavour, poolSize: number) {
  return {
    type,
    host: env.DB_HOST,
    port: env.DB_PORT ?? undefined,
    username: env.DB_USER,
    password: env.DB_PASS,
    database: env.DB_NAME,
    ssl: tlsOptions(env) ?? undefined,
    connectTimeout: CONNECT_TIMEOUT_MS,
    charset: 'UTF8MB4_GENERAL_CI', // of what is sent; columns have their own
    supportBigNumbers: true,
    bigNumberStrings: false, // whole numbers as numbers: none here has more than 53 bits
    poolSize,
    // A batch of results is one text. Nothing from outside ever becomes part of one: values are bound, numbers checked.
    multipleStatements: true,
    entities: toEntitySchemas(entities, dialectOfFlavour(type)),
    migrations: MIGRATIONS,
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each' as const,
    logging: false as const,
    extra: { enableKeepAlive: true, keepAliveInitialDelay: 10_000 },
  };
}
