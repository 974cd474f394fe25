/** What went wrong, in words that no transport owns; `libs/platform` maps each to an HTTP status. */
export type ErrorCode =
  | 'invalid' // 400: the caller's input
  | 'unauthorized' // 401: who are you
  | 'forbidden' // 403: not allowed to
  | 'not_found' // 404
  | 'conflict' // 409: unique value taken
  | 'too_large' // 413
  | 'unprocessable' // 422: understood, but somebody else refused it
  | 'too_many_requests' // 429
  | 'unavailable' // 503: a dependency of ours is away
  | 'internal'; // 500: our fault

export interface AppErrorOptions extends ErrorOptions {
  /** Seconds after which trying again makes sense; becomes `Retry-After`. */
  retryAfterSeconds?: number;
  /** Replaces the error envelope where the contract has a shape of its own. */
  body?: Record<string, unknown>;
}

/** An error with a code to compare and a message that may be shown to the caller. */
export class AppError extends Error {
  readonly retryAfterSeconds?: number;
  readonly body?: Record<string, unknown>;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.body = options.body;
  }
}

export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code);
}

/**
 * For `.catch()`: replaces the message of an error with that code, lets every other error pass.
 * `explain('conflict', 'Tag with this name already exists')`
 */
export function explain(code: ErrorCode, message: string, as: ErrorCode = code): (error: unknown) => never {
  return (error) => {
    throw isAppError(error, code) ? new AppError(as, message, { cause: error }) : error;
  };
}

/** The message of anything that can be thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0 && !error.message) return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

/** Why the server cannot start, in one line that says what to do. Shown as it is, without a stack. */
export class StartupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartupError';
  }
}
