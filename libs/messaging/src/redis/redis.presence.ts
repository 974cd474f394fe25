import { randomUUID } from 'node:crypto';
import { Presence, SECOND } from '@app/core';
import type { FaultReporter } from '../fault-reporter';
import { reaching } from './redis-errors';
import { RedisScript } from './redis-script';
import type { RedisClient } from './redis-script';
import { redisTime } from './redis-time';
import type { RedisTime } from './redis-time';

/** Who did not say for so long that it is there, is not. */
const GONE_AFTER_MS = 6 * SECOND;
const SAY_EVERY_MS = 2 * SECOND;

/** Keys: players and when they are gone unless they say more (sorted set), since when there is one. */
const SAY = new RedisScript<null>(`
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) == 0 then redis.call('SET', KEYS[2], now) end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[2])
`);

const SINCE = new RedisScript<string>(`
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) == 0 then return tostring(now) end
return redis.call('GET', KEYS[2])
`);

const INTERRUPTED = new RedisScript<null>(`redis.call('SET', KEYS[2], now)`);

/** Players say every few seconds that they are there; a Redis that was away or lost its data counts as a break. */
export class RedisPresence extends Presence {
  private readonly player = randomUUID();
  private joined = 0;

  constructor(
    private readonly redis: RedisClient,
    private readonly prefix: string,
    private readonly report: FaultReporter,
    private readonly time: RedisTime = redisTime,
  ) {
    super();
  }

  override async join(part: string): Promise<() => Promise<void>> {
    const player = `${this.player}:${++this.joined}`;
    const say = () => reaching(() => SAY.run(this.redis, this.keys(part), this.time(), [player, GONE_AFTER_MS]));
    await say();
    const timer = setInterval(() => {
      say().catch((error: unknown) => this.report(error, `saying that this process ${part}`));
    }, SAY_EVERY_MS);
    timer.unref();
    return async () => {
      clearInterval(timer);
      await this.redis.zrem(this.keys(part)[0], player).catch(() => undefined); // gone soon in any case
    };
  }

  override async interrupted(part: string): Promise<void> {
    await reaching(() => INTERRUPTED.run(this.redis, this.keys(part), this.time()));
  }

  override async since(part: string): Promise<number> {
    return Number(await reaching(() => SINCE.run(this.redis, this.keys(part), this.time())));
  }

  private keys(part: string): [players: string, since: string] {
    return [`${this.prefix}:presence:${part}`, `${this.prefix}:presence:${part}:since`];
  }
}
