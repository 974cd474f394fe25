import { AppError, Clock, EventBus } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { askStrategy } from '../ask-strategy';
import { GrantCache } from '../grant-cache';
import { JwtStrategy } from './jwt.strategy';
import type { TokenBearer, TokenGrant } from './jwt.strategy';

/**
 * Turns access tokens into principals. A token that was good is remembered, so that the next request with it costs
 * a look-up: until it expires, its session ends or its user changes.
 */
@Injectable()
export class AccessTokens implements OnModuleDestroy {
  private readonly known: GrantCache<TokenGrant>;
  private readonly stop: (() => void)[];

  constructor(
    private readonly strategy: JwtStrategy,
    clock: Clock,
    bus: EventBus,
  ) {
    this.known = new GrantCache(clock);
    this.stop = [
      bus.subscribe('session.ended', ({ userId, sessionId, exceptSessionId }) =>
        this.known.forget((principal) => {
          if (principal.userId !== userId || principal.sessionId === exceptSessionId) return false;
          return sessionId === undefined || principal.sessionId === sessionId;
        }),
      ),
      bus.subscribe('user.changed', ({ id }) => this.known.forget(({ userId }) => userId === id)),
      bus.subscribe('messages.lost', () => this.known.forget(() => true)),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.stop) stop();
  }

  /** What is known of a token without asking anybody. */
  recall(token: string): TokenGrant | null {
    return this.known.recall(token);
  }

  /** @throws AppError `unauthorized` */
  async verify(token: string): Promise<TokenGrant> {
    const known = this.recall(token);
    if (known) return known;
    const bearer: TokenBearer = { token };
    const grant = await this.known.ask(token, () => askStrategy<TokenGrant>(this.strategy, bearer));
    if (!grant) throw new AppError('unauthorized', 'Invalid or expired token');
    return grant;
  }
}
