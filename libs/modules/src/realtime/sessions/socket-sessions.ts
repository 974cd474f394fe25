import { AppError, Clock, EventBus, MINUTE, isAppError } from '@app/core';
import type { Events } from '@app/core';
import type { Principal } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { ApiKeyAuthenticator } from '../../api-keys/api-key.authenticator';
import type { Credential } from '../../auth/credential';
import type { AccessGrant } from '../../auth/grant-cache';
import { AccessTokens } from '../../auth/tokens/access-tokens';
import { RealtimeTimings } from '../limits';

/** Whom some news throws out. */
type Matches = (principal: Principal) => boolean;

/** Somebody at a socket, for as long as their credentials last. */
export interface SocketSession {
  /** When they expire, epoch ms; Infinity for a key that does not. */
  readonly expiresAt: number;
  /** Forgets it; it no longer ends by itself. */
  release(): void;
}

interface Watched {
  credential: Credential;
  grant: AccessGrant;
  onEnd: () => void;
  /** When it was last known to be good, epoch ms. */
  checkedAt: number;
}

/** Of those whose turn it is to be looked at again, at most this share at a time. */
const RECHECKED_SHARE = 1 / 30;

/**
 * Lets sockets in by access token or API key, and tells them when those have expired or are no good any more. News of
 * that come at once; should one be lost, or somebody change the database behind our back, a look every minute finds out.
 */
@Injectable()
export class SocketSessions implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Realtime');
  /** In the order in which they were last checked. */
  private readonly watched = new Set<Watched>();
  /** For each look-up under way, the news that came meanwhile. */
  private readonly lookups = new Set<Matches[]>();
  private stop: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tokens: AccessTokens,
    private readonly keys: ApiKeyAuthenticator,
    private readonly bus: EventBus,
    private readonly clock: Clock,
    private readonly timings: RealtimeTimings,
  ) {}

  onModuleInit(): void {
    this.stop = [
      this.bus.subscribe('session.ended', (end) => this.onNews((principal) => isEnded(principal, end))),
      this.bus.subscribe('api-key.changed', ({ id }) =>
        this.onNews((principal) => principal.kind === 'api-key' && principal.keyId === id),
      ),
      this.bus.subscribe('user.changed', ({ id }) =>
        this.onNews((principal) => principal.kind === 'api-key' && principal.userId === id),
      ),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.stop) stop();
    clearInterval(this.timer);
    this.watched.clear();
  }

  /**
   * `onEnd` is called once, when the credential has expired or is no good any more.
   * @throws AppError `unauthorized`
   */
  async open(credential: Credential, onEnd: () => void): Promise<SocketSession> {
    const news: Matches[] = [];
    this.lookups.add(news);
    try {
      const grant = await this.admit(credential);
      const isOver = grant.expiresAt <= this.clock.now() || news.some((matches) => matches(grant.principal));
      if (isOver) throw new AppError('unauthorized', 'Unauthorized');
      return this.watch({ credential, grant, onEnd, checkedAt: this.clock.now() });
    } finally {
      this.lookups.delete(news);
    }
  }

  private admit(credential: Credential): Promise<AccessGrant> {
    return credential.kind === 'token' ? this.tokens.verify(credential.token) : this.keys.authenticate(credential.key);
  }

  private watch(watched: Watched): SocketSession {
    this.watched.add(watched);
    this.timer ??= setInterval(() => this.look(), this.timings.expiry).unref();
    return { expiresAt: watched.grant.expiresAt, release: () => this.release(watched) };
  }

  private release(watched: Watched): void {
    this.watched.delete(watched);
    if (this.watched.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private look(): void {
    const now = this.clock.now();
    this.end(({ grant }) => grant.expiresAt <= now);
    let most = Math.ceil(this.watched.size * RECHECKED_SHARE);
    for (const watched of this.watched) {
      if (watched.checkedAt > now - MINUTE || most-- === 0) break;
      watched.checkedAt = now;
      this.watched.delete(watched);
      this.watched.add(watched); // to the end of the queue
      void this.recheck(watched);
    }
  }

  private async recheck(watched: Watched): Promise<void> {
    const { credential, grant } = watched;
    try {
      if (credential.kind === 'token') await this.tokens.verify(credential.token);
      else await this.keys.confirm(grant.principal);
    } catch (error) {
      if (isAppError(error, 'unauthorized')) this.end((it) => it === watched);
      else this.logger.error({ err: error }, 'Whether a socket may stay could not be found out; it stays');
    }
  }

  private onNews(matches: Matches): void {
    for (const news of this.lookups) news.push(matches);
    this.end(({ grant }) => matches(grant.principal));
  }

  private end(isOver: (watched: Watched) => boolean): void {
    for (const watched of [...this.watched]) {
      if (!isOver(watched)) continue;
      this.release(watched);
      watched.onEnd();
    }
  }
}

function isEnded(principal: Principal, end: Events['session.ended']): boolean {
  if (principal.kind !== 'user') return false;
  const { userId, sessionId } = principal;
  if (userId !== end.userId || sessionId === end.exceptSessionId) return false;
  return end.sessionId === undefined || sessionId === end.sessionId;
}
