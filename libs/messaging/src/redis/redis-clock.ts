import { performance } from 'node:perf_hooks';
import { Clock } from '@app/core';
import type { RedisClient } from './redis-script';

/** Clocks of machines drift by a few milliseconds in a minute. */
const EVERY_MS = 30_000;
/** Of several questions the one answered fastest knows the time best. */
const QUESTIONS = 3;

/**
 * The clock of Redis, so that all processes agree on the time whatever their own machines say: a heartbeat with a time
 * of the future would make all true ones after it look late. Between two questions the time goes on by the clock that
 * nobody can set.
 */
export class RedisClock extends Clock {
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly redis: RedisClient,
    /** Epoch ms at the origin of `performance.now()`. */
    private origin: number,
  ) {
    super();
  }

  /** Asks Redis now, and then again and again until {@link stop}. */
  static async start(redis: RedisClient): Promise<RedisClock> {
    const clock = new RedisClock(redis, await ask(redis));
    clock.timer = setInterval(() => void clock.adjust(), EVERY_MS).unref();
    return clock;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  override now(): number {
    return Math.floor(this.origin + performance.now());
  }

  private async adjust(): Promise<void> {
    try {
      this.origin = await ask(this.redis);
    } catch {
      // The old answer is good for a while.
    }
  }
}

/** Epoch ms at the origin of `performance.now()`, by Redis. */
async function ask(redis: RedisClient): Promise<number> {
  let best = { tookMs: Infinity, origin: 0 };
  for (let i = 0; i < QUESTIONS; i++) {
    const askedAt = performance.now();
    const [seconds, micros] = await redis.time();
    const tookMs = performance.now() - askedAt;
    if (tookMs < best.tookMs) {
      const now = Number(seconds) * 1000 + Number(micros) / 1000;
      best = { tookMs, origin: now - (askedAt + tookMs / 2) };
    }
  }
  return best.origin;
}
