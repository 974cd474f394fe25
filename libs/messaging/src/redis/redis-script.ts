import { createHash } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';

export type RedisClient = Redis | Cluster;
export type Argument = string | number;

/**
 * Sets `now`, epoch ms: the first argument, or where that is negative the clock of Redis, which all processes share.
 * https://redis.io/docs/latest/commands/time/
 */
const NOW = `
local now = tonumber(ARGV[1])
if now < 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
`;

/** A Lua script, sent once and then called by its digest. Redis runs it alone: nothing comes in between. */
export class RedisScript<Reply> {
  private readonly text: string;
  private readonly digest: string;

  /** `body` finds the moment in `now` and its own arguments from `ARGV[2]` on. */
  constructor(body: string) {
    this.text = NOW + body;
    this.digest = createHash('sha1').update(this.text).digest('hex');
  }

  /** `now`: epoch ms; -1 = the clock of Redis. */
  async run(redis: RedisClient, keys: readonly string[], now: number, args: readonly Argument[] = []): Promise<Reply> {
    const parameters = [keys.length, ...keys, now, ...args] as const;
    try {
      return (await redis.evalsha(this.digest, ...parameters)) as Reply;
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
      return (await redis.eval(this.text, ...parameters)) as Reply; // restarted meanwhile
    }
  }
}
