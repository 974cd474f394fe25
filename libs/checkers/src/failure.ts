import { AppError, messageOf } from '@app/core';
import type { CertificateDocument } from '@app/core';
import { isOurFault } from '@app/outbound';

export const DEADLINE = 'context deadline exceeded';

/** The target is not as it should be; the message is the heartbeat's. */
export class CheckFailure extends Error {
  readonly latencyMs?: number;
  readonly certificate?: CertificateDocument;

  constructor(message: string, options: ErrorOptions & { latencyMs?: number; certificate?: CertificateDocument } = {}) {
    super(message, { cause: options.cause });
    this.name = 'CheckFailure';
    this.latencyMs = options.latencyMs;
    this.certificate = options.certificate;
  }
}

/**
 * For `.catch()`: puts the fixed words of a monitor type before the error's own. Faults of ours pass untouched.
 * `failing('TCP connection failed')`
 */
export function failing(prefix: string): (error: unknown) => never {
  return (error) => {
    if (isOurFault(error)) throw error;
    throw new CheckFailure(`${prefix}: ${failureText(error)}`, { cause: error });
  };
}

/** The words for an error that a check may throw. */
export function failureText(error: unknown): string {
  return isDeadline(error) ? DEADLINE : messageOf(error);
}

/** The reason of `AbortSignal.timeout()`, or what Node's own functions make of it. */
export function isDeadline(error: unknown): boolean {
  const { name, cause } = (error ?? {}) as Partial<Error>;
  return name === 'TimeoutError' || (name === 'AbortError' && isDeadline(cause));
}

/** Errors that speak of the target or of what the user configured. */
export function isLegitimate(error: unknown): boolean {
  if (isOurFault(error)) return false;
  return !(error instanceof AppError) || error.code === 'invalid';
}
