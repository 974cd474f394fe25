import { Store } from '@app/core';
import type { Collection, New, Where } from '@app/core';
import { Injectable } from '@nestjs/common';
import { User } from './user.entity';

@Injectable()
export class UsersRepository {
  private readonly users: Collection<User>;

  constructor(store: Store) {
    this.users = store.collection(User);
  }

  findById(id: string): Promise<User | null> {
    return this.users.findOne({ id });
  }

  findByEmailKey(emailKey: string): Promise<User | null> {
    return this.users.findOne({ emailKey });
  }

  /** By e-mail. */
  findPage({ offset, limit }: { offset: number; limit: number }): Promise<User[]> {
    return this.users.find({ order: { emailKey: 'asc' }, offset, limit });
  }

  async hasAny(): Promise<boolean> {
    return (await this.users.find({ limit: 1 })).length > 0;
  }

  /** @throws AppError `conflict` when the e-mail or the seat is taken. */
  insert(values: New<User>): Promise<User> {
    return this.users.insert(values);
  }

  /** @returns how many the filter found. */
  update(where: Where<User>, changes: Partial<New<User>>): Promise<number> {
    return this.users.update(where, changes);
  }

  /** Sessions and API keys go as well. @returns how many the filter found. */
  delete(where: Where<User>): Promise<number> {
    return this.users.delete(where);
  }

  /** @returns false, changing nothing, when the password is not `from` any more. */
  async replacePassword(id: string, from: string, to: string): Promise<boolean> {
    return (await this.users.update({ id, password: from }, { password: to })) > 0;
  }

  /** Stores an unconfirmed secret. @returns false when 2FA is active. */
  async setTotpSecret(id: string, totpSecret: string): Promise<boolean> {
    return (await this.users.update({ id, totpEnabled: false }, { totpSecret, totpLastStep: null })) > 0;
  }

  /**
   * Marks a code as used, and with `enable` makes 2FA active.
   * @returns false when another code was used, or the secret replaced, since `user` was read.
   */
  async useTotpStep(user: User, step: number, { enable = false } = {}): Promise<boolean> {
    const { id, totpSecret, totpLastStep } = user;
    const changes = { totpLastStep: step, ...(enable && { totpEnabled: true }) };
    return (await this.users.update({ id, totpSecret, totpLastStep }, changes)) > 0;
  }

  async clearTotp(id: string): Promise<void> {
    await this.users.update({ id }, { totpSecret: null, totpEnabled: false, totpLastStep: null });
  }
}
