import { AppError, messageOf } from '@app/core';
import { mongo } from 'mongoose';

const DUPLICATE_KEY = 11000;

/**
 * What the server says while it starts, stops, changes its primary or is short of something; it passes.
 * https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
 */
const AWAY = new Set([
  6, 7, 43, 89, 91, 112, 134, 189, 202, 262, 317, 358, 384, 8000, 9001, 10107, 11600, 11602, 13435, 13436, 14031,
]);

/** Runs a database call; driver errors leave as `AppError`. */
export async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translate(error);
  }
}

/** What a driver error means to a caller. Answers of the server quote stored values, so they are named, not repeated. */
export function translate(wrapped: unknown): unknown {
  const error = unwrap(wrapped);
  if (error instanceof mongo.MongoServerError) {
    const bare = new Error(`MongoDB answered ${error.codeName ?? error.name} (${error.code ?? 'no code'})`);
    if (isDuplicate(error)) return new AppError('conflict', 'a unique value is taken', { cause: bare });
    return isAway(error) ? unavailable(bare) : bare;
  }
  return isAway(error) ? unavailable(new Error(messageOf(error))) : error;
}

/** A bulk write answers as if the server had, also when it was not reached: what happened then is inside. */
function unwrap(error: unknown): unknown {
  if (!(error instanceof mongo.MongoBulkWriteError)) return error;
  const inner: unknown = error.errorResponse;
  return inner instanceof mongo.MongoError ? inner : error;
}

function unavailable(cause: Error): AppError {
  return new AppError('unavailable', 'The database is not available', { cause });
}

function isAway(error: unknown): boolean {
  if (error instanceof mongo.MongoServerError) {
    return AWAY.has(Number(error.code)) || error.hasErrorLabel('RetryableWriteError');
  }
  return (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoTopologyClosedError ||
    error instanceof mongo.MongoClientClosedError ||
    error instanceof mongo.MongoExpiredSessionError ||
    error instanceof mongo.MongoOperationTimeoutError
  );
}

export function isDuplicate(error: unknown): boolean {
  if (!(error instanceof mongo.MongoServerError)) return false;
  // What FerretDB, which stands in for MongoDB in the tests, says when an update meets a unique index.
  return error.code === DUPLICATE_KEY || (error.code === 1 && error.message.includes('UNIQUE constraint failed'));
}

/** For an unordered insert of what may be there already: duplicates are fine, everything else is not. */
export async function unlessThere(insert: Promise<unknown>): Promise<void> {
  try {
    await insert;
  } catch (error) {
    if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
    const failures = [error.writeErrors].flat();
    const other = error.result.getWriteConcernError() ?? failures.find(({ code }) => code !== DUPLICATE_KEY);
    if (other || failures.length === 0) throw error;
  }
}
