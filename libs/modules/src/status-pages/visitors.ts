import { createHash } from 'node:crypto';
import { AppError } from '@app/core';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { pageKey } from '../auth/attempts/attempt-key';
import { AttemptsService } from '../auth/attempts/attempts.service';
import { PasswordHasher } from '../auth/passwords/password-hasher';
import type { StatusPage } from './status-page.entity';

/** What a visitor says, and from where. */
export interface Visitor {
  password: string | undefined;
  address: string;
}

const MAX_REMEMBERED = 10_000;

/** Lets visitors of a page in who know its password, if it has one. */
@Injectable()
export class Visitors {
  /** Digests of passwords that were right, with the hash that they were right for: comparing costs 10 ms. */
  private readonly right = new LRUCache<string, true>({ max: MAX_REMEMBERED });

  constructor(
    private readonly hasher: PasswordHasher,
    private readonly attempts: AttemptsService,
  ) {}

  /** @throws AppError `forbidden`, `too_many_requests` */
  async admit(page: Pick<StatusPage, 'id' | 'password'>, { password, address }: Visitor): Promise<void> {
    if (page.password === null) return;
    // 403, not 401: a web client that is signed in takes a 401 for the end of its session.
    if (!password) throw new AppError('forbidden', 'This status page needs a password');
    const digest = createHash('sha256').update(`${page.password}\0${password}`).digest('base64');
    if (this.right.has(digest)) return;
    const key = pageKey(address, page.id);
    const refuseIfLocked = () => this.attempts.refuseIfLocked([key]);
    await refuseIfLocked();
    if (!(await this.hasher.matches(password, page.password, refuseIfLocked))) {
      await this.attempts.countFailure([key]);
      throw new AppError('forbidden', 'The password of this status page is another one');
    }
    if ((await refuseIfLocked()).length > 0) await this.attempts.reset(key);
    this.right.set(digest, true);
  }
}
