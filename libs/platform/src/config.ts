import type { Env } from '@app/core';

/** The environment, as an injectable. */
export class Config {
  constructor(readonly env: Env) {}

  /** Origin of the web client that links point to, without a trailing slash. */
  get clientUrl(): string {
    return this.env.CLIENT_URL[0] ?? '';
  }
}
