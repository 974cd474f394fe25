import { AppError, Clock, EventBus } from '@app/core';
import type { Events } from '@app/core';
import type { Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { AccessTokens } from '../../auth/tokens/access-tokens';
import type { AccessGrant } from '../../auth/tokens/jwt.strategy';
import { RealtimeTimings } from '../limits';

type SessionEnd = Events['session.ended'];

/** Somebody at a socket, for as long as their token and session last. */
export interface SocketSession {
  /** When the token expires, epoch ms. */
  readonly expiresAt: number;
  /** Forgets it; it no longer ends by itself. */
  release(): void;
}

interface Watched {
  grant: AccessGrant;
  onEnd: () => void;
}

/** Lets sockets in by access token, and tells them when the token has expired or the session is over. */
@Injectable()
export class SocketSessions implements OnModuleInit, OnModuleDestroy {
  private readonly watched = new Set<Watched>();
  /** For each look-up under way, the sessions that ended meanwhile. */
  private readonly lookups = new Set<SessionEnd[]>();
  private stop: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tokens: AccessTokens,
    private readonly bus: EventBus,
    private readonly clock: Clock,
    private readonly timings: RealtimeTimings,
  ) {}

  onModuleInit(): void {
    this.stop = this.bus.subscribe('session.ended', (end) => this.onSessionEnd(end));
  }

  onModuleDestroy(): void {
    this.stop?.();
    clearInterval(this.timer);
    this.watched.clear();
  }

  /**
   * `onEnd` is called once, when the token has expired or the session is over.
   * @throws AppError `unauthorized`
   */
  async open(token: string, onEnd: () => void): Promise<SocketSession> {
    const ends: SessionEnd[] = [];
    this.lookups.add(ends);
    try {
      const grant = await this.tokens.verify(token);
      const isOver = grant.expiresAt <= this.clock.now() || ends.some((end) => isEnded(grant.principal, end));
      if (isOver) throw new AppError('unauthorized', 'Unauthorized');
      return this.watch({ grant, onEnd });
    } finally {
      this.lookups.delete(ends);
    }
  }

  private watch(watched: Watched): SocketSession {
    this.watched.add(watched);
    this.timer ??= setInterval(() => this.endExpired(), this.timings.expiry).unref();
    return { expiresAt: watched.grant.expiresAt, release: () => this.release(watched) };
  }

  private release(watched: Watched): void {
    this.watched.delete(watched);
    if (this.watched.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private endExpired(): void {
    const now = this.clock.now();
    this.end(({ expiresAt }) => expiresAt <= now);
  }

  private onSessionEnd(end: SessionEnd): void {
    for (const ends of this.lookups) ends.push(end);
    this.end(({ principal }) => isEnded(principal, end));
  }

  private end(matches: (grant: AccessGrant) => boolean): void {
    for (const watched of [...this.watched]) {
      if (!matches(watched.grant)) continue;
      this.release(watched);
      watched.onEnd();
    }
  }
}

function isEnded({ userId, sessionId }: Principal, end: SessionEnd): boolean {
  if (userId !== end.userId || sessionId === end.exceptSessionId) return false;
  return end.sessionId === undefined || sessionId === end.sessionId;
}
