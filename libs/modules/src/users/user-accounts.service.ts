import { AppError, EventBus, explain, foldCase } from '@app/core';
import type { Page, UserPrincipal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '../auth/passwords/password-hasher';
import { SessionsService } from '../auth/sessions/sessions.service';
import { AdminSeat } from './admin-seat';
import type { UserInputDto, UserPatchDto } from './user.dto';
import type { User } from './user.entity';
import { UsersRepository } from './users.repository';

/** What admins do with accounts. Everybody concerned is told at once: sessions, sockets and keys end with the right to them. */
@Injectable()
export class UserAccountsService {
  constructor(
    private readonly users: UsersRepository,
    private readonly seat: AdminSeat,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly bus: EventBus,
  ) {}

  /** By e-mail. */
  findPage(page: Page): Promise<User[]> {
    return this.users.findPage(page);
  }

  /** @throws AppError `not_found` */
  async get(id: string): Promise<User> {
    const user = await this.users.findById(id.toLowerCase());
    if (!user) throw new AppError('not_found', 'User not found');
    return user;
  }

  /** @throws AppError `conflict` when the e-mail is taken, in whatever letter case. */
  async create({ email, password, role, active }: UserInputDto): Promise<User> {
    return this.users
      .insert({
        email,
        emailKey: foldCase(email),
        password: await this.hasher.hash(password),
        active: active ?? true,
        role: role ?? 'viewer',
        seat: null,
        totpSecret: null,
        totpEnabled: false,
        totpLastStep: null,
      })
      .catch(explain('conflict', 'User with this email already exists'));
  }

  /** Absent is unchanged. @throws AppError `not_found`, `conflict` for the last active admin */
  async change(id: string, input: UserPatchDto, caller: UserPrincipal): Promise<User> {
    const user = await this.get(id);
    const { role, active, password } = input;
    const changes = {
      role: role ?? undefined,
      active: active ?? undefined,
      password: password ? await this.hasher.hash(password) : undefined,
    };
    if (Object.values(changes).some((value) => value !== undefined)) {
      const takesAway = active === false || (role ?? 'admin') !== 'admin';
      if (takesAway) await this.seat.remove(user.id, (where) => this.users.update(where, changes));
      else await this.users.update({ id: user.id }, changes);
      await this.announce(user.id, { active: changes.active, password: changes.password }, caller);
    }
    return this.get(user.id);
  }

  /** @throws AppError `conflict` for the last active admin */
  async delete(id: string): Promise<void> {
    const known = id.toLowerCase();
    if (!(await this.seat.remove(known, (where) => this.users.delete(where)))) return;
    await this.sessions.endAll(known);
    this.bus.publish('user.changed', { id: known });
  }

  /** For somebody who is locked out: all sessions end. @returns null when nobody has the e-mail. */
  async resetPassword(
    email: string,
    password: string,
    { disableTwoFactor }: { disableTwoFactor: boolean },
  ): Promise<User | null> {
    const user = await this.users.findByEmailKey(foldCase(email));
    if (!user) return null;
    await this.users.update({ id: user.id }, { password: await this.hasher.hash(password) });
    if (disableTwoFactor) await this.users.clearTotp(user.id);
    await this.sessions.endAll(user.id);
    this.bus.publish('user.changed', { id: user.id });
    return user;
  }

  private async announce(
    id: string,
    { active, password }: { active?: boolean; password?: string },
    caller: UserPrincipal,
  ): Promise<void> {
    if (active === false) await this.sessions.endAll(id);
    else if (password) await this.sessions.endAll(id, id === caller.userId ? caller.sessionId : undefined);
    this.bus.publish('user.changed', { id });
  }
}
