import { Clock, EventBus, Store } from '@app/core';
import type { Collection } from '@app/core';
import { Injectable } from '@nestjs/common';
import { Session } from './session.entity';

/** Where people are signed in. What ends is announced after it is stored, so that every server forgets its tokens. */
@Injectable()
export class SessionsService {
  private readonly sessions: Collection<Session>;

  constructor(
    store: Store,
    private readonly bus: EventBus,
    private readonly clock: Clock,
  ) {
    this.sessions = store.collection(Session);
  }

  open(userId: string, lifetimeMs: number): Promise<Session> {
    return this.sessions.insert({ userId, expiresAt: this.after(lifetimeMs) });
  }

  /** One that goes on. */
  async find(id: string): Promise<Session | null> {
    const session = await this.sessions.findOne({ id });
    return session && session.expiresAt.getTime() > this.clock.now() ? session : null;
  }

  /** Makes a session go on for `lifetimeMs` from now. @returns false when it is over, or somebody else's. */
  async prolong(id: string, userId: string, lifetimeMs: number): Promise<boolean> {
    const where = { id, userId, expiresAt: { after: new Date(this.clock.now()) } };
    return (await this.sessions.update(where, { expiresAt: this.after(lifetimeMs) })) > 0;
  }

  async end(userId: string, sessionId: string): Promise<void> {
    await this.sessions.delete({ id: sessionId, userId });
    this.bus.publish('session.ended', { userId, sessionId });
  }

  /** All sessions of a user, or all but one. */
  async endAll(userId: string, exceptSessionId?: string): Promise<void> {
    await this.sessions.delete({ userId, id: exceptSessionId === undefined ? undefined : { not: exceptSessionId } });
    this.bus.publish('session.ended', { userId, exceptSessionId });
  }

  /** Removes what is over. @returns how many. */
  purge(): Promise<number> {
    return this.sessions.delete({ expiresAt: { before: new Date(this.clock.now()) } });
  }

  private after(milliseconds: number): Date {
    return new Date(this.clock.now() + milliseconds);
  }
}
