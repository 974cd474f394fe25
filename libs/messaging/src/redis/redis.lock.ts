import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { Lock, SECOND } from '@app/core';
import { reaching } from './redis-errors';
import { RedisScript } from './redis-script';
import type { RedisClient } from './redis-script';

/** A holder that is gone blocks the others for as long as this. */
const LEASE_MS = 15 * SECOND;

/** The number in front of the owner is the fencing token: it grows with each holder and never repeats. */
const ACQUIRE = new RedisScript<string | null>(`
if redis.call('EXISTS', KEYS[1]) == 1 then return nil end
local token = redis.call('INCR', KEYS[2]) .. ':' .. ARGV[2]
redis.call('SET', KEYS[1], token, 'PX', ARGV[3])
return token
`);
const RENEW = new RedisScript<number>(`
if redis.call('GET', KEYS[1]) ~= ARGV[2] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[3])
`);
const RELEASE = new RedisScript<number>(`
if redis.call('GET', KEYS[1]) ~= ARGV[2] then return 0 end
return redis.call('DEL', KEYS[1])
`);

/** A lease that its holder renews; whoever could not renew in time stops, because somebody else may hold it by then. */
export class RedisLock extends Lock {
  private readonly owner = randomUUID();

  constructor(
    private readonly redis: RedisClient,
    private readonly prefix: string,
    private readonly leaseMs = LEASE_MS,
  ) {
    super();
  }

  override async tryRun(name: string, work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    const key = `${this.prefix}:lock:${name}`;
    const counter = `${this.prefix}:lock-tokens`;
    const askedAt = performance.now();
    const token = await reaching(() => ACQUIRE.run(this.redis, [key, counter], -1, [this.owner, this.leaseMs]));
    if (token === null) return false;

    const lost = new AbortController();
    const renewal = this.keep(key, token, askedAt, lost);
    try {
      await work(lost.signal);
    } finally {
      clearInterval(renewal);
      // Nobody waits longer than the lease if this fails.
      await RELEASE.run(this.redis, [key], -1, [token]).catch(() => undefined);
    }
    return true;
  }

  private keep(key: string, token: string, askedAt: number, lost: AbortController): NodeJS.Timeout {
    let heldUntil = askedAt + this.leaseMs;
    return setInterval(() => {
      const now = performance.now();
      if (now >= heldUntil) lost.abort(new Error('the lock was lost'));
      if (lost.signal.aborted) return;
      RENEW.run(this.redis, [key], -1, [token, this.leaseMs]).then(
        (held) => {
          if (held) heldUntil = now + this.leaseMs;
          else lost.abort(new Error('the lock was lost'));
        },
        () => undefined, // tried again; when the lease is over, it is lost
      );
    }, this.leaseMs / 5);
  }
}
