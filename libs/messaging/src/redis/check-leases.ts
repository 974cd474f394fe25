import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Lease } from '@app/core';
import { SECOND } from '@app/core';
import { Gatherer } from './gatherer';
import { RedisScript } from './redis-script';
import type { RedisClient } from './redis-script';

/** A worker that is gone, or stands still, loses its checks after this long. */
export const RUNNING_MS = 10 * SECOND;
/** More batches than these do not wait: their ticks are skipped, so that Redis is never filled by workers that are away. */
const MAX_WAITING_BATCHES = 10_000;
/** Freeing a monitor's place is in no hurry: its next check is seconds away. */
const RELEASE_WAIT_MS = 5;
/** Freed in one script. */
const RELEASE_MAX = 100;

/** A monitor's place in the queue, and who has it. */
export interface Place {
  monitorId: string;
  token: string;
}

/** Keys: tokens (hash, by monitor), their ends (sorted set, epoch ms), the list of waiting batches. */
const RESERVE = new RedisScript<(0 | 1)[]>(`
local old = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 20)
for _, id in ipairs(old) do
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
end
local full = redis.call('LLEN', KEYS[3]) >= tonumber(ARGV[2])
local reserved = {}
for i = 3, #ARGV, 3 do
  local id = ARGV[i]
  local ends = tonumber(redis.call('ZSCORE', KEYS[2], id) or 0)
  if full or ends > now then
    reserved[#reserved + 1] = 0
  else
    redis.call('HSET', KEYS[1], id, ARGV[i + 1])
    redis.call('ZADD', KEYS[2], now + ARGV[i + 2], id)
    reserved[#reserved + 1] = 1
  end
end
return reserved
`);

/**
 * Hands places over from the queue to a worker, which gets tokens of its own: should the batch come to another worker
 * as well, because this one seemed to be gone, that one finds them taken.
 */
const BEGIN = new RedisScript<(0 | 1)[]>(`
local begun = {}
for i = 3, #ARGV, 3 do
  local id = ARGV[i]
  if redis.call('HGET', KEYS[1], id) == ARGV[i + 1] then
    redis.call('HSET', KEYS[1], id, ARGV[i + 2])
    redis.call('ZADD', KEYS[2], now + ARGV[2], id)
    begun[#begun + 1] = 1
  else
    begun[#begun + 1] = 0
  end
end
return begun
`);

/** Prolongs the places that are still ours. */
const HOLD = new RedisScript<(0 | 1)[]>(`
local held = {}
for i = 3, #ARGV, 2 do
  local id = ARGV[i]
  if redis.call('HGET', KEYS[1], id) == ARGV[i + 1] then
    redis.call('ZADD', KEYS[2], now + ARGV[2], id)
    held[#held + 1] = 1
  else
    held[#held + 1] = 0
  end
end
return held
`);

const RELEASE = new RedisScript<null>(`
for i = 2, #ARGV, 2 do
  local id = ARGV[i]
  if redis.call('HGET', KEYS[1], id) == ARGV[i + 1] then
    redis.call('HDEL', KEYS[1], id)
    redis.call('ZREM', KEYS[2], id)
  end
end
`);

/** Held as long as it was renewed in time, by the clock that nobody can set. */
class HeldPlace implements Lease {
  constructor(
    readonly place: Place,
    private until: number,
  ) {}

  get held(): boolean {
    return performance.now() < this.until;
  }

  prolong(until: number): void {
    if (this.held) this.until = until;
  }

  lose(): void {
    this.until = 0;
  }
}

/**
 * One place per monitor in the whole cluster, from the offer of a check to its end. Places are leases: a worker that
 * is gone frees its own by not renewing them, and one that wakes up again knows that its checks are void.
 */
export class CheckLeases {
  private readonly keys: [tokens: string, ends: string];
  private readonly waiting: string;
  private readonly running = new Set<HeldPlace>();
  private readonly releases: Gatherer<Place>;
  private readonly origin = randomUUID();
  private count = 0;
  private renewal: NodeJS.Timeout | null = null;

  /** `waitingList`: the key of the queue's waiting batches. */
  constructor(
    private readonly redis: RedisClient,
    prefix: string,
    waitingList: string,
    private readonly report: (error: unknown, what: string) => void,
  ) {
    this.keys = [`${prefix}:checks:tokens`, `${prefix}:checks:ends`];
    this.waiting = waitingList;
    this.releases = new Gatherer({
      max: RELEASE_MAX,
      waitMs: RELEASE_WAIT_MS,
      flush: (places) =>
        this.free(places).catch((error: unknown) => this.report(error, 'freeing the places of finished checks')),
    });
  }

  newPlace(monitorId: string): Place {
    return { monitorId, token: `${this.origin}:${++this.count}` };
  }

  /** `waitMs`: how long a check may wait for a worker. @returns which places were free. */
  async reserve(places: readonly (Place & { waitMs: number })[]): Promise<boolean[]> {
    const triples = places.flatMap(({ monitorId, token, waitMs }) => [monitorId, token, waitMs]);
    const keys = [...this.keys, this.waiting];
    const reserved = await RESERVE.run(this.redis, keys, -1, [MAX_WAITING_BATCHES, ...triples]);
    return reserved.map((one) => one === 1);
  }

  /** For checks that begin. @returns a lease for each place, null where somebody else has it by now. */
  async begin(places: readonly Place[]): Promise<(Lease | null)[]> {
    const until = performance.now() + RUNNING_MS;
    const own = places.map(({ monitorId }) => this.newPlace(monitorId));
    const triples = places.flatMap(({ monitorId, token }, i) => [monitorId, token, own[i]!.token]);
    const begun = await BEGIN.run(this.redis, this.keys, -1, [RUNNING_MS, ...triples]);
    return own.map((place, i) => {
      if (begun[i] !== 1) return null;
      const lease = new HeldPlace(place, until);
      this.running.add(lease);
      this.renewal ??= setInterval(() => this.renewAll(), RUNNING_MS / 4);
      return lease;
    });
  }

  /** For a check that has ended, however. */
  release(lease: Lease): void {
    if (!(lease instanceof HeldPlace)) return;
    this.running.delete(lease);
    this.releases.add(lease.place);
    if (this.running.size > 0 || this.renewal === null) return;
    clearInterval(this.renewal);
    this.renewal = null;
  }

  /**
   * For a check that goes back into the queue: no longer renewed from here, nor freed.
   * @returns the token to queue it with
   */
  abandon(lease: Lease): string {
    if (!(lease instanceof HeldPlace)) throw new Error('this is no lease of ours');
    this.running.delete(lease);
    return lease.place.token;
  }

  /** At once; for places that led to no check. */
  async free(places: readonly Place[]): Promise<void> {
    const pairs = places.flatMap(({ monitorId, token }) => [monitorId, token]);
    await RELEASE.run(this.redis, this.keys, -1, pairs);
  }

  /** Resolves when all that was released is free. */
  drain(): Promise<void> {
    return this.releases.drain();
  }

  private async renew(places: readonly Place[]): Promise<boolean[]> {
    const pairs = places.flatMap(({ monitorId, token }) => [monitorId, token]);
    const held = await HOLD.run(this.redis, this.keys, -1, [RUNNING_MS, ...pairs]);
    return held.map((one) => one === 1);
  }

  private renewAll(): void {
    const leases = [...this.running].filter((lease) => lease.held);
    if (leases.length === 0) return;
    const until = performance.now() + RUNNING_MS;
    this.renew(leases.map(({ place }) => place)).then(
      (held) => leases.forEach((lease, i) => (held[i] ? lease.prolong(until) : lease.lose())),
      (error: unknown) => this.report(error, 'renewing the leases of running checks'),
    );
  }
}
