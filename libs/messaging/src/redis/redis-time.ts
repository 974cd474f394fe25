import type { Clock } from '@app/core';

/** What scripts take as `now`: their own clock unless a test brings one. */
export type RedisTime = () => number;

/** The clock of Redis: one for all processes, whatever theirs say. */
export const redisTime: RedisTime = () => -1;

export function timeOf(clock: Clock): RedisTime {
  return () => clock.now();
}
