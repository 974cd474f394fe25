import { AppError, isAppError } from '@app/core';

/** Runs calls to Redis; what they fail with leaves as `unavailable`: nothing that we send is wrong in itself. */
export async function reaching<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isAppError(error)) throw error;
    throw new AppError('unavailable', 'Redis is not available', { cause: error });
  }
}
