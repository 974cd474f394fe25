import { AppError, Clock, SECOND, Store, isAppError } from '@app/core';
import type { Collection } from '@app/core';
import { Config } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { afterFailure, lockedFor } from './attempt-window';
import type { AttemptLimits } from './attempt-window';
import type { AttemptKey } from './attempt-key';
import { LoginAttempts } from './login-attempts.entity';

/**
 * Counts failures and locks, exactly, on every database and with any number of servers: a row is only changed from
 * the state in which it was read. Successes write nothing unless there is a count to remove.
 */
@Injectable()
export class AttemptsService {
  private readonly rows: Collection<LoginAttempts>;

  constructor(
    store: Store,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {
    this.rows = store.collection(LoginAttempts);
  }

  /** @throws AppError `too_many_requests` when one of the keys is locked. @returns the keys that have a count. */
  async refuseIfLocked(keys: readonly AttemptKey[]): Promise<string[]> {
    const rows = await this.rows.find({ where: { key: { in: keys.map(({ key }) => key) } } });
    for (const row of rows) this.refuse(row);
    return rows.map(({ key }) => key);
  }

  /** Counts a failure under each key. @throws AppError `too_many_requests` when one is locked: then it is not counted. */
  async countFailure(keys: readonly AttemptKey[]): Promise<void> {
    for (const key of keys) await this.increment(key);
  }

  async reset({ key }: AttemptKey): Promise<void> {
    await this.rows.delete({ key });
  }

  /** Removes counts that no longer matter. @returns how many. */
  purge(): Promise<number> {
    const { BRUTEFORCE_WINDOW, BRUTEFORCE_LOCKOUT } = this.config.env;
    const age = Math.max(BRUTEFORCE_WINDOW, BRUTEFORCE_LOCKOUT);
    return this.rows.delete({ updatedAt: { before: new Date(this.clock.now() - age) } });
  }

  /** Tries again when another failure came in between; as each of those counts, the lock ends it. */
  private async increment({ key, share }: AttemptKey): Promise<void> {
    const limits = this.limits(share);
    for (;;) {
      const row = await this.rows.findOne({ key });
      this.refuse(row);
      const next = afterFailure(row, this.clock.now(), limits);
      if (row) {
        const { id, failures, firstFailedAt, lockedUntil } = row;
        if ((await this.rows.update({ id, failures, firstFailedAt, lockedUntil }, next)) > 0) return;
      } else {
        try {
          await this.rows.insert({ key, ...next });
          return;
        } catch (error) {
          if (!isAppError(error, 'conflict')) throw error;
        }
      }
    }
  }

  private refuse(row: LoginAttempts | null): void {
    const left = lockedFor(row, this.clock.now());
    if (left === 0) return;
    const message = 'too many attempts, try later';
    throw new AppError('too_many_requests', message, {
      retryAfterSeconds: Math.max(1, Math.round(left / SECOND)),
      body: { message, retry_after: Math.floor(left / SECOND), success: false },
    });
  }

  private limits(share: number): AttemptLimits {
    const { BRUTEFORCE_MAX_ATTEMPTS, BRUTEFORCE_WINDOW, BRUTEFORCE_LOCKOUT } = this.config.env;
    return {
      maxFailures: BRUTEFORCE_MAX_ATTEMPTS * share,
      windowMs: BRUTEFORCE_WINDOW,
      lockoutMs: BRUTEFORCE_LOCKOUT,
    };
  }
}
