import { RateCounter } from '@app/core';
import type { RateWindow } from '@app/core';
import { reaching } from './redis-errors';
import { RedisScript } from './redis-script';
import type { RedisClient } from './redis-script';
import { redisTime } from './redis-time';
import type { RedisTime } from './redis-time';

/** The key outlives its window by a second, so that a slow Redis never ends one early. */
const HIT = new RedisScript<[hits: number, resetMs: number]>(`
local window = tonumber(ARGV[2])
local ends = tonumber(redis.call('HGET', KEYS[1], 'ends'))
if not ends or ends <= now then
  ends = now + window
  redis.call('HSET', KEYS[1], 'ends', ends, 'hits', 0)
  redis.call('PEXPIRE', KEYS[1], window + 1000)
end
return { redis.call('HINCRBY', KEYS[1], 'hits', 1), ends - now }
`);

/** Fixed windows that all processes count in. */
export class RedisRateCounter extends RateCounter {
  constructor(
    private readonly redis: RedisClient,
    private readonly prefix: string,
    private readonly time: RedisTime = redisTime,
  ) {
    super();
  }

  override async hit(key: string, windowMs: number): Promise<RateWindow> {
    const [hits, resetMs] = await reaching(() =>
      HIT.run(this.redis, [`${this.prefix}:rate:${key}`], this.time(), [windowMs]),
    );
    return { hits, resetMs };
  }
}
