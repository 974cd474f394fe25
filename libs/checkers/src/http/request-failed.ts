import { hideParameters } from '@app/core';
import { HttpError } from '@app/outbound';
import { CheckFailure } from '../failure';

/**
 * For `.catch()`: `Get "https://shop.example/health": connection refused`, or what became of the body. Everybody may
 * read it, so what looks like a key is left out.
 */
export function requestFailed(method: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof HttpError)) throw error;
    const { message, phase, at, latencyMs, certificate } = error;
    const text =
      phase === 'body'
        ? `Failed to read response body: ${message}`
        : `${operation(method)} "${hideParameters(at)}": ${message}`;
    throw new CheckFailure(text, { cause: error, latencyMs, certificate });
  };
}

/** `GET` as messages have it: `Get`. */
export function operation(method: string): string {
  return method.charAt(0) + method.slice(1).toLowerCase();
}
