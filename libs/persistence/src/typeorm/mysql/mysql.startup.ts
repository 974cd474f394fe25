import { StartupError, messageOf } from '@app/core';
import { createConnection } from 'mysql2/promise';
import type { DatabaseEnv } from '../../engine';
import { tlsOptions } from '../../tls';
import { isNetworkError } from '../network-errors';
import { CONNECT_TIMEOUT_MS } from './mysql.options';
import type { Flavour } from './mysql.options';

/** What stands in the way of using the database, in words that name the variable. */
export function explainMysql(env: DatabaseEnv, error: unknown): unknown {
  if (error instanceof StartupError) return error;
  const reason = reasonOf(env, error);
  return reason ? new StartupError(reason, { cause: error }) : error;
}

function reasonOf({ DB_HOST, DB_PORT, DB_NAME, DB_USER }: DatabaseEnv, error: unknown): string | null {
  const place = `${DB_HOST}:${DB_PORT}`;
  const detail = messageOf(error);
  if (isNetworkError(error)) {
    return `No MySQL or MariaDB answers at ${place} (${detail}): check DB_HOST and DB_PORT, and that the server runs`;
  }
  const { errno, code } = (error ?? {}) as { errno?: unknown; code?: unknown };
  switch (errno) {
    case 1045:
    case 1698: // MariaDB: the account has no password to log in with
      return `The server at ${place} refuses the user ${DB_USER}: check DB_USER and DB_PASS`;
    case 1044:
    case 1142:
      return `The user ${DB_USER} may not use or change the database ${DB_NAME} (${detail}): grant it all privileges on it (docs/databases.md), or check DB_USER and DB_NAME`;
    case 1049:
      return `The server at ${place} has no database ${DB_NAME}: create it (docs/databases.md), or check DB_NAME`;
    case 1040:
    case 1203:
    case 1226:
      return `The server at ${place} has no connection left (${detail}): raise its max_connections, or lower DB_POOL_SIZE`;
    case 1130:
      return `The server at ${place} takes no connection from this machine (${detail}): create the user for this host, or check DB_HOST`;
    default:
  }
  if (
    code === 'HANDSHAKE_NO_SSL_SUPPORT' ||
    code === 'HANDSHAKE_SSL_ERROR' ||
    /certificate|self-signed/i.test(detail)
  ) {
    return `No encrypted connection to ${place} (${detail}): check DB_TLS and DB_TLS_CA`;
  }
  if (code === 'PROTOCOL_CONNECTION_LOST' || code === 'PROTOCOL_UNEXPECTED_PACKET') {
    return `What answers at ${place} is no MySQL or MariaDB (${detail}): check DB_HOST and DB_PORT`;
  }
  return null;
}

/** Which of the two it is. @throws StartupError when it cannot be reached, or is too old */
export async function findFlavour(env: DatabaseEnv): Promise<Flavour> {
  try {
    const connection = await createConnection({
      host: env.DB_HOST,
      port: env.DB_PORT ?? undefined,
      user: env.DB_USER,
      password: env.DB_PASS,
      database: env.DB_NAME,
      ssl: tlsOptions(env) ?? undefined,
      connectTimeout: CONNECT_TIMEOUT_MS,
    });
    try {
      const [rows] = await connection.query('SELECT VERSION() AS version');
      return flavourOf(env, (rows as { version: string }[])[0]!.version);
    } finally {
      connection.destroy();
    }
  } catch (error) {
    throw explainMysql(env, error);
  }
}

function flavourOf({ DB_HOST, DB_PORT }: DatabaseEnv, version: string): Flavour {
  const flavour = version.includes('MariaDB') ? 'mariadb' : 'mysql';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  // The oldest that have a binary collation without padding and tables out of JSON.
  const isOld = flavour === 'mariadb' ? major < 10 || (major === 10 && minor < 6) : major < 8;
  if (!isOld) return flavour;
  throw new StartupError(
    `The server at ${DB_HOST}:${DB_PORT} is version ${version}: MySQL 8 or MariaDB 10.11 or later is needed`,
  );
}
