import { RateCounter, SECOND, isAppError } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';

/** What the throttler is told of a request. Times in seconds, rounded up. */
export interface Counted {
  totalHits: number;
  timeToExpire: number;
  isBlocked: boolean;
  timeToBlockExpire: number;
}

/** Keeps the throttler's counts behind the port: in this process, or shared by all servers. */
@Injectable()
export class CounterStorage implements ThrottlerStorage {
  constructor(private readonly counter: RateCounter) {}

  /**
   * `ttl` in ms. Whoever is beyond the limit is blocked until the window ends. While the counts cannot be reached
   * nobody is: to refuse everybody would be worse, and guesses at passwords are counted in the database.
   */
  async increment(key: string, ttl: number, limit: number): Promise<Counted> {
    const { hits, resetMs } = await this.counter.hit(key, ttl).catch((error: unknown) => {
      if (!isAppError(error, 'unavailable')) throw error;
      return { hits: 0, resetMs: ttl };
    });
    const timeToExpire = Math.ceil(resetMs / SECOND);
    return { totalHits: hits, timeToExpire, isBlocked: hits > limit, timeToBlockExpire: timeToExpire };
  }
}
