import { DAY, HOUR, SECOND } from '@app/core';

const FIRST_PAUSE_MS = 5 * SECOND;
const LONGEST_PAUSE_MS = HOUR;

/** A message that could not be delivered for this long is given up. */
export const GIVE_UP_AFTER_MS = DAY;

/**
 * Pause before the next attempt, ms: doubling from 5 s to one hour, with up to a tenth more so that channels that
 * failed together do not come back together. What the provider asked for wins when it is longer.
 */
export function retryPause(attempts: number, retryAfterSeconds = 0, random: () => number = Math.random): number {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, attempts - 1), LONGEST_PAUSE_MS);
  return Math.max(pause * (1 + random() / 10), retryAfterSeconds * SECOND);
}
