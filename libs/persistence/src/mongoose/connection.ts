import { StartupError, messageOf } from '@app/core';
import { createConnection, mongo } from 'mongoose';
import type { Connection } from 'mongoose';
import type { DatabaseEnv } from '../engine';
import { connectionOptions, placeOf } from './mongo.options';

/** https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
const UNAUTHORIZED = 13;
const AUTHENTICATION_FAILED = 18;

/** A connection that answers. @throws StartupError naming the variables to mend */
export async function openConnection(env: DatabaseEnv): Promise<Connection> {
  const { uri, ...options } = connectionOptions(env);
  const connection = createConnection(uri, options);
  try {
    await connection.asPromise();
    await requireAccess(connection, env);
    return connection;
  } catch (error) {
    await connection.close().catch(() => undefined);
    throw explained(error, env);
  }
}

/** The native handle, which goes past mongoose's models. */
export function databaseOf(connection: Connection): mongo.Db {
  return connection.db as unknown as mongo.Db;
}

/** A server that asks for no password lets anybody connect, and refuses later. */
export async function requireAccess(connection: Connection, env: DatabaseEnv): Promise<void> {
  try {
    await databaseOf(connection).listCollections({}, { nameOnly: true }).toArray();
  } catch (error) {
    throw explained(error, env);
  }
}

/** What a failure to connect means to whoever starts the server. */
export function explained(error: unknown, env: DatabaseEnv): Error {
  if (error instanceof StartupError) return error;
  const place = placeOf(env);
  const code = error instanceof mongo.MongoServerError ? error.code : undefined;
  if (code === AUTHENTICATION_FAILED) {
    return new StartupError(`${place} refuses the user: check DB_USER and DB_PASS`, { cause: bare(error) });
  }
  if (code === UNAUTHORIZED) {
    const message = `${place} does not let this user in: set DB_USER and DB_PASS to one with the role readWrite on DB_NAME`;
    return new StartupError(message, { cause: bare(error) });
  }
  const reason = messageOf(error);
  return new StartupError(`${place} does not answer (${reason}): check DB_HOST, DB_PORT and DB_TLS`, {
    cause: bare(error),
  });
}

/** Without the driver's own fields, which describe the whole topology. */
function bare(error: unknown): Error {
  return new Error(messageOf(error));
}
