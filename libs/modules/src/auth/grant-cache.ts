import { MINUTE } from '@app/core';
import type { Clock } from '@app/core';
import type { Principal } from '@app/platform';
import { LRUCache } from 'lru-cache';

const MAX_CACHED = 10_000;

/** Somebody who showed good credentials. */
export interface AccessGrant {
  principal: Principal;
  /** When the credentials end, epoch ms. */
  expiresAt: number;
}

/** Until when a grant is believed without looking again, epoch ms. */
type Known<Grant> = Grant & { freshUntil: number };

/**
 * Remembers whom credentials let in, so that the next request with them costs a look-up. Should news of a change be
 * lost between servers, it is noticed within a minute.
 */
export class GrantCache<Grant extends AccessGrant> {
  private readonly known = new LRUCache<string, Known<Grant>>({ max: MAX_CACHED });
  /** Counts the news, so that a look-up that was under way when it came is not remembered. */
  private revision = 0;

  constructor(private readonly clock: Clock) {}

  recall(key: string): Grant | null {
    const known = this.known.get(key);
    return known && this.clock.now() < known.freshUntil ? known : null;
  }

  /** Asks, and remembers who was let in. */
  async ask(key: string, look: () => Promise<Grant | null>): Promise<Grant | null> {
    const { revision } = this;
    const grant = await look();
    if (grant && revision === this.revision) {
      this.known.set(key, { ...grant, freshUntil: Math.min(grant.expiresAt, this.clock.now() + MINUTE) });
    }
    return grant;
  }

  forget(matches: (principal: Grant['principal']) => boolean): void {
    this.revision++;
    for (const [key, { principal }] of this.known.entries()) if (matches(principal)) this.known.delete(key);
  }
}
