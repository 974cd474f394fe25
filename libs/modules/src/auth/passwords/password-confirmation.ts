import { AppError } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { User } from '../../users/user.entity';
import { confirmKey } from '../attempts/attempt-key';
import { AttemptsService } from '../attempts/attempts.service';
import { PasswordHasher } from './password-hasher';

/** Asks somebody who is signed in for the password again. A stolen token does not allow to try out many. */
@Injectable()
export class PasswordConfirmation {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly attempts: AttemptsService,
  ) {}

  /** @throws AppError `invalid` with this message when it is wrong, `too_many_requests` after too many of those. */
  async require(user: User, password: string, message: string): Promise<void> {
    const key = confirmKey(user.id);
    const refuseIfLocked = () => this.attempts.refuseIfLocked([key]);
    await refuseIfLocked();
    const matches = await this.hasher.matches(password, user.password, refuseIfLocked);
    if (!matches) {
      await this.attempts.countFailure([key]);
      throw new AppError('invalid', message);
    }
    const counted = await refuseIfLocked();
    if (counted.length > 0) await this.attempts.reset(key);
  }
}
