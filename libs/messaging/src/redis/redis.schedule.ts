import { setTimeout as delay } from 'node:timers/promises';
import { Schedule, phaseOf } from '@app/core';
import type { ScheduleEntry } from '@app/core';
import { reaching } from './redis-errors';
import { RedisScript } from './redis-script';
import type { RedisClient } from './redis-script';
import { redisTime } from './redis-time';
import type { RedisTime } from './redis-time';

/** How often producers look, ms: each tick is given out at most this late. */
const STEP_MS = 100;
/** Entries that one script handles: Redis does nothing else meanwhile. */
const CHUNK = 500;

/** The first tick after `now`; the same as `nextDue` of the core. */
const NEXT = `
local function nextTick(rhythm)
  local interval, phase = rhythm:match('(%d+):(%d+)')
  interval, phase = tonumber(interval), tonumber(phase)
  return (math.floor((now - phase) / interval) + 1) * interval + phase
end
`;

/** Keys: due times (sorted set), rhythms (hash, "interval:phase"), and a mark that the schedule has been filled. */
const PUT = new RedisScript<null>(`${NEXT}
redis.call('SET', KEYS[3], 1)
for i = 3, #ARGV, 2 do
  local id, rhythm = ARGV[i], ARGV[i + 1]
  local known = redis.call('HGET', KEYS[2], id)
  if known ~= rhythm then redis.call('HSET', KEYS[2], id, rhythm) end
  if ARGV[2] == '1' then redis.call('ZADD', KEYS[1], now, id)
  elseif known ~= rhythm then redis.call('ZADD', KEYS[1], nextTick(rhythm), id) end
end
`);

const CLAIM = new RedisScript<string[] | null>(`${NEXT}
if redis.call('EXISTS', KEYS[3]) == 0 then return nil end
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])
local claimed = {}
for _, id in ipairs(due) do
  local rhythm = redis.call('HGET', KEYS[2], id)
  if rhythm then
    redis.call('ZADD', KEYS[1], nextTick(rhythm), id)
    claimed[#claimed + 1] = id
  else
    redis.call('ZREM', KEYS[1], id)
  end
end
return claimed
`);

/** A sorted set of due times; claiming is one script, so each tick goes to one producer. Redis' clock decides. */
export class RedisSchedule extends Schedule {
  private readonly due: string;
  private readonly rhythms: string;
  private readonly filled: string;
  private forgotten = false;

  constructor(
    private readonly redis: RedisClient,
    prefix: string,
    private readonly time: RedisTime = redisTime,
  ) {
    super();
    this.due = `${prefix}:schedule:due`;
    this.rhythms = `${prefix}:schedule:rhythms`;
    this.filled = `${prefix}:schedule:filled`;
  }

  override get lost(): boolean {
    return this.forgotten;
  }

  override put(entry: ScheduleEntry, { immediately = false } = {}): Promise<void> {
    return reaching(() => this.putAll([entry], immediately));
  }

  override async remove(id: string): Promise<void> {
    await reaching(() => this.removeAll([id]));
  }

  override async reschedule(id: string, dueAt: number): Promise<void> {
    await reaching(() => this.redis.zadd(this.due, 'XX', dueAt, id));
  }

  override sync(entries: readonly ScheduleEntry[]): Promise<void> {
    return reaching(async () => {
      for (const chunk of chunks(entries)) await this.putAll(chunk, false);
      const wanted = new Set(entries.map(({ id }) => id));
      const known = await this.redis.hkeys(this.rhythms);
      for (const chunk of chunks(known.filter((id) => !wanted.has(id)))) await this.removeAll(chunk);
      await this.redis.set(this.filled, 1);
      this.forgotten = false;
    });
  }

  override async claim(limit: number): Promise<string[]> {
    const claimed = await reaching(() => CLAIM.run(this.redis, this.keys, this.time(), [limit]));
    this.forgotten = claimed === null;
    return claimed ?? [];
  }

  /** Looking again costs less than being told by the others. */
  override async wait(signal: AbortSignal): Promise<void> {
    await delay(STEP_MS, undefined, { signal }).catch(() => undefined);
  }

  private get keys(): string[] {
    return [this.due, this.rhythms, this.filled];
  }

  private async putAll(entries: readonly ScheduleEntry[], immediately: boolean): Promise<void> {
    const rhythms = entries.flatMap(({ id, intervalMs }) => [id, `${intervalMs}:${phaseOf(id, intervalMs)}`]);
    await PUT.run(this.redis, this.keys, this.time(), [immediately ? 1 : 0, ...rhythms]);
  }

  private async removeAll(ids: string[]): Promise<void> {
    await this.redis
      .multi()
      .hdel(this.rhythms, ...ids)
      .zrem(this.due, ...ids)
      .exec();
  }
}

function* chunks<T>(items: readonly T[]): Generator<T[]> {
  for (let i = 0; i < items.length; i += CHUNK) yield items.slice(i, i + CHUNK);
}
