import { AppError, messageOf } from '@app/core';
import type { Dialect } from './dialect';

const MESSAGES = {
  conflict: 'a unique value is taken',
  invalid: 'a referenced record does not exist',
  unavailable: 'The database is not available',
} as const;

/** Runs a database call; driver errors leave as `AppError` with the original as `cause`. */
export async function translated<T>(dialect: Dialect, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translate(dialect, error);
  }
}

export function translate(dialect: Dialect, error: unknown): unknown {
  if (error instanceof AppError) return error;
  const driverError = (error as { driverError?: unknown } | null)?.driverError ?? error;
  const meaning = dialect.classify(driverError);
  if (!meaning && driverError === error) return error;
  // TypeORM's QueryFailedError carries the parameters, which may be secrets: keep the driver's message only.
  const bare = new Error(messageOf(driverError));
  return meaning ? new AppError(meaning, MESSAGES[meaning], { cause: bare }) : bare;
}
