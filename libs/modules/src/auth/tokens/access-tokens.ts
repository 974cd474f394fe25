import { AppError, Clock, EventBus, MINUTE } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import passport from 'passport';
import { JwtStrategy } from './jwt.strategy';
import type { AccessGrant, TokenBearer } from './jwt.strategy';

const MAX_CACHED = 10_000;

interface Known extends AccessGrant {
  /** Until when this is believed without looking again, epoch ms. */
  freshUntil: number;
}

/**
 * Turns access tokens into principals. A token that was good is remembered, so that the next request with it costs
 * a look-up: until it expires, its session ends or its user changes. Should the news of that be lost between
 * servers, it is noticed within a minute.
 */
@Injectable()
export class AccessTokens implements OnModuleDestroy {
  private readonly known = new LRUCache<string, Known>({ max: MAX_CACHED });
  private readonly stop: (() => void)[];
  /** Counts the news, so that a look-up that was under way when it came is not remembered. */
  private revision = 0;

  constructor(
    private readonly strategy: JwtStrategy,
    private readonly clock: Clock,
    bus: EventBus,
  ) {
    this.stop = [
      bus.subscribe('session.ended', ({ userId, sessionId, exceptSessionId }) =>
        this.forget(({ principal }) => {
          if (principal.userId !== userId || principal.sessionId === exceptSessionId) return false;
          return sessionId === undefined || principal.sessionId === sessionId;
        }),
      ),
      bus.subscribe('user.changed', ({ id }) => this.forget(({ principal }) => principal.userId === id)),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.stop) stop();
  }

  /** What is known of a token without asking anybody. */
  recall(token: string): AccessGrant | null {
    const known = this.known.get(token);
    return known && this.clock.now() < known.freshUntil ? known : null;
  }

  /** @throws AppError `unauthorized` */
  async verify(token: string): Promise<AccessGrant> {
    const known = this.recall(token);
    if (known) return known;
    const { revision } = this;
    const grant = await this.ask(token);
    if (!grant) throw new AppError('unauthorized', 'Invalid or expired token');
    if (revision === this.revision) {
      this.known.set(token, { ...grant, freshUntil: Math.min(grant.expiresAt, this.clock.now() + MINUTE) });
    }
    return grant;
  }

  private ask(token: string): Promise<AccessGrant | null> {
    return new Promise((resolve, reject) => {
      const answer = (error: Error | null, grant: AccessGrant | false | null) => {
        if (error) reject(error);
        else resolve(grant || null);
      };
      const bearer: TokenBearer = { token };
      // By the strategy itself: names are global in passport, and several servers may live in one process.
      const ask = passport.authenticate(this.strategy, { session: false }, answer) as PassportCall;
      ask(bearer, {}, reject);
    });
  }

  private forget(matches: (known: Known) => boolean): void {
    this.revision++;
    for (const [token, known] of this.known.entries()) if (matches(known)) this.known.delete(token);
  }
}

type PassportCall = (request: TokenBearer, response: object, next: (error: Error) => void) => void;
