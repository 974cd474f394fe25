/** A message that was not delivered, with a text for the user that holds no secret. */
export class DeliveryError extends Error {
  /** Trying again may help: network, 429, 5xx. */
  readonly retryable: boolean;
  /** The provider's wish (`Retry-After`). */
  readonly retryAfterSeconds?: number;

  constructor(message: string, options: { retryable?: boolean; retryAfterSeconds?: number } = {}) {
    super(message);
    this.name = 'DeliveryError';
    this.retryable = options.retryable ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
