import { AppError, Clock } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { User } from '../../users/user.entity';
import { UsersService } from '../../users/users.service';
import { codeKey } from '../attempts/attempt-key';
import { AttemptsService } from '../attempts/attempts.service';
import { PasswordConfirmation } from '../passwords/password-confirmation';
import { decrypt, encrypt } from '../secrets/cipher';
import { InstanceSecrets } from '../secrets/instance-secrets';
import { SessionsService } from '../sessions/sessions.service';
import { newTotpSecret, provisioningUri, stepOfCode } from './totp';

export interface TotpSetup {
  secret: string;
  provisioningUri: string;
}

const WRONG_CODE = 'invalid 2FA code';

/** Codes of an authenticator app as the second factor. */
@Injectable()
export class TwoFactorService {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly attempts: AttemptsService,
    private readonly confirmation: PasswordConfirmation,
    private readonly secrets: InstanceSecrets,
    private readonly clock: Clock,
  ) {}

  /** A fresh secret, which counts once {@link confirm} has seen a code of it. @throws AppError `invalid` */
  async setup(userId: string, password: string): Promise<TotpSetup> {
    const user = await this.users.findById(userId);
    if (!user) throw new AppError('invalid', 'user not found');
    await this.confirmation.require(user, password, 'invalid password');
    const secret = await newTotpSecret();
    const sealed = encrypt(this.secrets.encryption, secret, user.id);
    if (!(await this.users.setTotpSecret(user.id, sealed))) throw new AppError('invalid', '2FA is already active');
    return { secret, provisioningUri: provisioningUri(secret, user.email) };
  }

  /** Makes 2FA active; the user's other sessions end. @throws AppError `invalid`, `too_many_requests` */
  async confirm(userId: string, sessionId: string, code: string): Promise<void> {
    const user = await this.users.findById(userId);
    if (!user) throw refused('user not found');
    if (!user.totpSecret) throw refused('2FA not setup');
    const key = codeKey(user.id);
    const counted = await this.attempts.refuseIfLocked([key]);
    if (!(await this.accept(user, code, { enable: true }))) {
      await this.attempts.countFailure([key]);
      throw refused(WRONG_CODE);
    }
    if (counted.length > 0) await this.attempts.reset(key);
    if (!user.totpEnabled) await this.sessions.endAll(user.id, sessionId);
  }

  /** A code is asked for only if one is given. The user's other sessions end. @throws AppError `invalid` */
  async disable(userId: string, sessionId: string, password: string, code?: string | null): Promise<void> {
    const user = await this.users.findById(userId);
    if (!user) throw new AppError('invalid', 'user not found');
    await this.confirmation.require(user, password, 'invalid password');
    if (user.totpEnabled && code) {
      const key = codeKey(user.id);
      await this.attempts.refuseIfLocked([key]);
      if (!(await this.accept(user, code))) {
        await this.attempts.countFailure([key]);
        throw new AppError('invalid', WRONG_CODE);
      }
    }
    await this.users.clearTotp(user.id);
    if (user.totpEnabled) await this.sessions.endAll(user.id, sessionId);
  }

  /** Whether the code is right and was not used before; of several requests with one code, one is accepted. */
  async accept(user: User, code: string, { enable = false } = {}): Promise<boolean> {
    for (let current: User | null = user; current?.totpSecret; current = await this.users.findById(user.id)) {
      const secret = decrypt(this.secrets.encryption, current.totpSecret, user.id);
      const step = await stepOfCode(secret, code, { now: this.clock.now(), lastStep: current.totpLastStep });
      if (step === null) return false;
      if (await this.users.useTotpStep(current, step, { enable })) return true;
      // Somebody was faster: with this code, then it is used now, or with another one.
    }
    return false;
  }
}

/** These answers have a shape of their own. */
function refused(message: string): AppError {
  return new AppError('invalid', message, { body: { success: false, message } });
}
