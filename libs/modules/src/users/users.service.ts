import { explain, foldCase } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { User } from './user.entity';
import { UsersRepository } from './users.repository';

@Injectable()
export class UsersService {
  constructor(private readonly users: UsersRepository) {}

  findById(id: string): Promise<User | null> {
    return this.users.findById(id);
  }

  /** In any letter case. */
  findByEmail(email: string): Promise<User | null> {
    return this.users.findByEmailKey(foldCase(email));
  }

  hasAny(): Promise<boolean> {
    return this.users.hasAny();
  }

  /** Of several at once, one succeeds. @throws AppError `invalid` when there is a user. */
  createFirst(email: string, passwordHash: string): Promise<User> {
    return this.users
      .insert({
        email,
        emailKey: foldCase(email),
        password: passwordHash,
        active: true,
        role: 'admin',
        seat: 'first',
        totpSecret: null,
        totpEnabled: false,
        totpLastStep: null,
      })
      .catch(explain('conflict', 'admin already exists', 'invalid'));
  }

  /** @returns false, changing nothing, when the password is not `from` any more. */
  replacePassword(id: string, from: string, to: string): Promise<boolean> {
    return this.users.replacePassword(id, from, to);
  }

  /** Stores an unconfirmed secret, encrypted by the caller. @returns false when 2FA is active. */
  setTotpSecret(id: string, secret: string): Promise<boolean> {
    return this.users.setTotpSecret(id, secret);
  }

  /** @returns false when another code was used, or the secret replaced, since `user` was read. */
  useTotpStep(user: User, step: number, options?: { enable?: boolean }): Promise<boolean> {
    return this.users.useTotpStep(user, step, options);
  }

  clearTotp(id: string): Promise<void> {
    return this.users.clearTotp(id);
  }
}
