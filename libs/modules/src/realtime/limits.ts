/** What one socket may cost us. */

/** A larger message from a `/api/v1/ws` client closes its socket (1009). */
export const MAX_MESSAGE_BYTES = 64 * 1024;

/** A client that lets more than this wait for it is closed rather than buffered for. */
export const MAX_BUFFERED_BYTES = 1024 * 1024;

export const MAX_ROOMS = 100;

/** More are answered with an error and not carried out; five times as many close the socket. */
export const MAX_MESSAGES_PER_SECOND = 20;

/** How long things may take, ms; tests shorten them. */
export class RealtimeTimings {
  /** From opening a `/api/v1/ws` socket without a token to the message that brings one. */
  authenticate = 5_000;
  /** Between two pings; a `/api/v1/ws` socket that has not answered the last one is gone. */
  ping = 30_000;
  /** What happens within this time leaves in one write per socket; the first message after a quiet time does not wait. */
  coalesce = 100;
  /** Between two looks for expired tokens. */
  expiry = 1_000;
}
