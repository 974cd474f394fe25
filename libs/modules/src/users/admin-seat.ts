import { AppError, Store, isAppError } from '@app/core';
import type { Collection, Where } from '@app/core';
import { Injectable } from '@nestjs/common';
import { User } from './user.entity';

/** Takes a user's powers, or the user, away: by this filter. @returns how many it found */
type Removal = (where: Where<User>) => Promise<number>;

const ACTIVE_ADMIN = { role: 'admin', active: true } as const;

/**
 * Keeps the last active admin, on databases without transactions too, where "count the others, then change" lets two
 * who are changed at once both go. An active admin has the seat; nobody who has it can be changed into something else.
 * Before that the seat is handed on: first the next one gets a seat with a higher number, which is only given to
 * somebody who is an active admin at that moment, and only then the lower one is given up. So whoever has the highest
 * number ever given out sits there, whichever step of whichever server comes last or never.
 */
@Injectable()
export class AdminSeat {
  private readonly users: Collection<User>;

  constructor(store: Store) {
    this.users = store.collection(User);
  }

  /**
   * Runs `remove` on a user, unless it is the last active admin.
   * @returns false when there is no such user. @throws AppError `conflict`
   */
  async remove(id: string, remove: Removal): Promise<boolean> {
    for (;;) {
      const user = await this.users.findOne({ id });
      if (!user) return false;
      const { role, active, seat } = user;
      const isNeeded = role === 'admin' && active;
      if (isNeeded && !(await this.isFree(user))) continue;
      if ((await remove({ id, role, active, seat })) > 0) return true;
    }
  }

  /** @returns false after a step towards it: then everything is to be read anew. @throws AppError `conflict` */
  private async isFree(user: User): Promise<boolean> {
    const seats = (await this.users.find({ where: { seat: { not: null } } })).map((holder) => ({
      number: numberOf(holder.seat!),
      counts: holder.role === 'admin' && holder.active,
    }));
    const valid = seats.filter(({ counts }) => counts).map(({ number }) => number);
    const next = Math.max(0, ...seats.map(({ number }) => number)) + 1;
    if (valid.length === 0) {
      // Nobody has it, after an import by hand: this one gets it, and then has to hand it on.
      await this.give(user, next);
      return false;
    }
    if (user.seat === null) return true;
    if (Math.max(...valid) > numberOf(user.seat)) {
      await this.users.update({ id: user.id, seat: user.seat }, { seat: null });
      return false;
    }
    const [heir] = await this.users.find({ where: { ...ACTIVE_ADMIN, id: { not: user.id } }, limit: 1 });
    if (!heir) throw new AppError('conflict', 'The last active admin must stay');
    await this.give(heir, next);
    return false;
  }

  private async give({ id, seat }: User, number: number): Promise<void> {
    try {
      await this.users.update({ id, seat, ...ACTIVE_ADMIN }, { seat: String(number) });
    } catch (error) {
      if (!isAppError(error, 'conflict')) throw error; // somebody else has given out this number
    }
  }
}

/** The first user's seat has a name, because it is also what makes that one the first. */
function numberOf(seat: string): number {
  return seat === 'first' ? 1 : Number(seat);
}
