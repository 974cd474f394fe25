import { AppError } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';
import { codeKey, loginKeys } from './attempts/attempt-key';
import { AttemptsService } from './attempts/attempts.service';
import { PasswordHasher } from './passwords/password-hasher';
import type { Session } from './sessions/session.entity';
import { SessionsService } from './sessions/sessions.service';
import { TokenIssuer } from './tokens/token-issuer';
import { TwoFactorService } from './two-factor/two-factor.service';

export interface SignInInput {
  email: string;
  password: string;
  /** Code of the authenticator app. */
  code?: string | null;
  /** Where it comes from. */
  address: string;
}

/** Checks who signs in: lock, password, code, in this order. What is wrong is told no more exactly than it must. */
@Injectable()
export class SignInService {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly attempts: AttemptsService,
    private readonly hasher: PasswordHasher,
    private readonly twoFactor: TwoFactorService,
    private readonly tokens: TokenIssuer,
  ) {}

  /** @throws AppError `unauthorized` with the contract's messages, `too_many_requests` */
  async signIn(input: SignInInput): Promise<{ user: User; session: Session }> {
    const lifetime = await this.tokens.lifetime('refresh');
    for (;;) {
      const user = await this.check(input);
      const session = await this.sessions.open(user.id, lifetime);
      // Password, 2FA or activity may have changed since they were read, and the sessions ended before this one
      // was there. Then everything is checked again.
      const now = await this.users.findById(user.id);
      if (now && sameCredentials(user, now)) return { user: now, session };
      await this.sessions.end(user.id, session.id);
    }
  }

  private async check({ email, password, code, address }: SignInInput): Promise<User> {
    const { account, address: place } = loginKeys(address, email);
    const refuseIfLocked = () => this.attempts.refuseIfLocked([account, place]);
    await refuseIfLocked();
    const user = await this.users.findByEmail(email);
    const stored = user?.active ? user.password : null;
    const matches = await this.hasher.matches(password, stored, refuseIfLocked);
    if (!user || !matches) {
      await this.attempts.countFailure([account, place]);
      throw new AppError('unauthorized', 'invalid credentials');
    }
    // While this password waited for its turn, wrong ones may have led to a lock: then it is not told apart.
    const counted = await refuseIfLocked();
    if (user.totpEnabled && user.totpSecret) {
      if (!code) throw new AppError('unauthorized', '2FA token required');
      const codes = codeKey(user.id);
      counted.push(...(await this.attempts.refuseIfLocked([codes])));
      if (!(await this.twoFactor.accept(user, code))) {
        await this.attempts.countFailure([account, place, codes]);
        throw new AppError('unauthorized', 'invalid 2FA token');
      }
      if (counted.includes(codes.key)) await this.attempts.reset(codes);
    }
    if (counted.includes(account.key)) await this.attempts.reset(account);
    if (this.hasher.isOutdated(user.password)) return this.rehash(user, password);
    return user;
  }

  private async rehash(user: User, password: string): Promise<User> {
    const hash = await this.hasher.hash(password);
    const stored = await this.users.replacePassword(user.id, user.password, hash);
    return stored ? { ...user, password: hash } : user;
  }
}

function sameCredentials(one: User, other: User): boolean {
  return one.active === other.active && one.password === other.password && one.totpEnabled === other.totpEnabled;
}
