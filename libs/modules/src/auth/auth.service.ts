import { AppError } from '@app/core';
import type { UserPrincipal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';
import { PasswordConfirmation } from './passwords/password-confirmation';
import { PasswordHasher } from './passwords/password-hasher';
import { SessionsService } from './sessions/sessions.service';
import { SignInService } from './sign-in.service';
import type { SignInInput } from './sign-in.service';
import { TokenIssuer } from './tokens/token-issuer';
import type { TokenPair } from './tokens/token-issuer';

export interface SignedIn extends TokenPair {
  user: User;
}

/** Coming in, staying in, going out. */
@Injectable()
export class AuthService {
  constructor(
    private readonly users: UsersService,
    private readonly signIn: SignInService,
    private readonly sessions: SessionsService,
    private readonly hasher: PasswordHasher,
    private readonly confirmation: PasswordConfirmation,
    private readonly tokens: TokenIssuer,
  ) {}

  /** Makes the first user, an admin; of several at once, one. @throws AppError `invalid` when there is a user. */
  async register(email: string, password: string): Promise<SignedIn> {
    const refuseIfClosed = async () => {
      if (await this.users.hasAny()) throw new AppError('invalid', 'admin already exists');
    };
    await refuseIfClosed();
    const user = await this.users.createFirst(email, await this.hasher.hash(password, refuseIfClosed));
    const session = await this.sessions.open(user.id, await this.tokens.lifetime('refresh'));
    return this.signedIn(user, session.id);
  }

  /** @throws AppError `unauthorized` with the contract's messages, `too_many_requests` */
  async login(input: SignInInput): Promise<SignedIn> {
    const { user, session } = await this.signIn.signIn(input);
    return this.signedIn(user, session.id);
  }

  /** A new pair of the same session, which goes on from now. @throws AppError `unauthorized` */
  async refresh(refreshToken: string): Promise<SignedIn> {
    const { userId, sid } = await this.tokens.verifyRefresh(refreshToken);
    const user = await this.users.findById(userId);
    if (!user) throw new AppError('unauthorized', 'user not found');
    const goesOn = user.active && (await this.sessions.prolong(sid, userId, await this.tokens.lifetime('refresh')));
    if (!goesOn) throw new AppError('unauthorized', 'invalid refresh token');
    return this.signedIn(user, sid);
  }

  async logout({ userId, sessionId }: UserPrincipal, { all }: { all: boolean }): Promise<void> {
    if (all) await this.sessions.endAll(userId);
    else await this.sessions.end(userId, sessionId);
  }

  /** @throws AppError `unauthorized` when the user is gone meanwhile. */
  async caller({ userId }: UserPrincipal): Promise<User> {
    const user = await this.users.findById(userId);
    if (!user) throw new AppError('unauthorized', 'Invalid or expired token');
    return user;
  }

  /** Ends the user's other sessions. @throws AppError `invalid`, `too_many_requests` */
  async changePassword(principal: UserPrincipal, current: string, wanted: string): Promise<void> {
    const user = await this.caller(principal);
    const wrong = 'current password is incorrect';
    await this.confirmation.require(user, current, wrong);
    const changed = await this.users.replacePassword(user.id, user.password, await this.hasher.hash(wanted));
    if (!changed) throw new AppError('invalid', wrong); // somebody else changed it meanwhile
    await this.sessions.endAll(user.id, principal.sessionId);
  }

  private async signedIn(user: User, sessionId: string): Promise<SignedIn> {
    return { user, ...(await this.tokens.issue(user, sessionId)) };
  }
}
