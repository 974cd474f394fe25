import { AppError, messageOf } from '@app/core';
import type { Dialect } from './dialect';

const ERRORS = {
  conflict: ['conflict', 'a unique value is taken'],
  dangling: ['invalid', 'a referenced record does not exist'],
  unfit: ['invalid', 'a value is too long or too large'],
  unavailable: ['unavailable', 'The database is not available'],
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
  const text = dialect.describe(driverError);
  if (!meaning && driverError === error && text === null) return error;
  // Drivers and TypeORM keep statements, parameters and rows, which may hold secrets: the text alone goes on.
  const bare = new Error(text ?? messageOf(driverError));
  if (!meaning) return bare;
  const [code, message] = ERRORS[meaning];
  return new AppError(code, message, { cause: bare });
}
