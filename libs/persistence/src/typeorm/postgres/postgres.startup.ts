import { StartupError, messageOf } from '@app/core';
import type { DatabaseEnv } from '../../engine';
import { isNetworkError } from '../network-errors';

/** Oldest release that its makers still mend. */
const OLDEST = 13;

/** What stands in the way of using the database, in words that name the variable. */
export function explainPostgres(env: DatabaseEnv, error: unknown): unknown {
  if (error instanceof StartupError) return error;
  const reason = reasonOf(env, error);
  return reason ? new StartupError(reason, { cause: error }) : error;
}

function reasonOf({ DB_HOST, DB_PORT, DB_NAME, DB_USER }: DatabaseEnv, error: unknown): string | null {
  const place = `${DB_HOST}:${DB_PORT}`;
  const detail = messageOf(error);
  if (isNetworkError(error) || /timeout/.test(detail)) {
    return `No PostgreSQL answers at ${place} (${detail}): check DB_HOST and DB_PORT, and that the server runs`;
  }
  switch ((error as { code?: unknown } | null)?.code) {
    case '28P01':
    case '28000':
      return `PostgreSQL at ${place} refuses the user ${DB_USER} (${detail}): check DB_USER and DB_PASS`;
    case '3D000':
      return `PostgreSQL at ${place} has no database ${DB_NAME}: create it (docs/databases.md), or check DB_NAME`;
    case '42501':
      return `The user ${DB_USER} may not change the schema of ${DB_NAME} (${detail}): make it the owner, or check DB_USER`;
    case '53300':
      return `PostgreSQL at ${place} has no connection left: raise its max_connections, or lower DB_POOL_SIZE`;
    case '57P03':
      return `PostgreSQL at ${place} is starting or stopping (${detail}): try again, or check DB_HOST and DB_PORT`;
    default:
      if (/SSL|TLS|certificate|self-signed/i.test(detail)) {
        return `No encrypted connection to PostgreSQL at ${place} (${detail}): check DB_TLS and DB_TLS_CA`;
      }
      return /^Connection terminated/.test(detail)
        ? `What answers at ${place} is no PostgreSQL (${detail}): check DB_HOST and DB_PORT`
        : null;
  }
}

/** @throws StartupError for a server or a database that cannot hold our data. */
export function checkPostgres(env: DatabaseEnv, version: number, encoding: string): void {
  if (version < OLDEST * 10_000) {
    throw new StartupError(
      `PostgreSQL at ${env.DB_HOST}:${env.DB_PORT} is version ${Math.floor(version / 10_000)}: ${OLDEST} or later is needed`,
    );
  }
  if (encoding !== 'UTF8') {
    throw new StartupError(
      `The database ${env.DB_NAME} is encoded in ${encoding}: create one with ENCODING 'UTF8', and set DB_NAME to it`,
    );
  }
}
