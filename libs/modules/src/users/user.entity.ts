import { Entity, Flag, Int, Stored, Text } from '@app/core';
import type { Role } from '@app/platform';

/** Somebody who can sign in. */
@Stored('users')
export class User extends Entity {
  /** As it was given. */
  @Text({ max: 255 }) email!: string;
  /** The e-mail in folded case: what makes it unique. */
  @Text({ max: 255, unique: true }) emailKey!: string;
  /** Hash in PHC or bcrypt notation. */
  @Text({ max: 255 }) password!: string;
  /** Whether the user may sign in. */
  @Flag() active!: boolean;
  @Text({ max: 10 }) role!: Role;
  /**
   * `first` for the first user: being unique, it lets one of several simultaneous first registrations win. Whoever has
   * one cannot be taken away: see `AdminSeat`.
   */
  @Text({ max: 20, nullable: true, unique: true }) seat!: string | null;
  /** Encrypted; there as soon as 2FA is set up, though not yet confirmed. */
  @Text({ max: 255, nullable: true }) totpSecret!: string | null;
  /** Whether signing in takes a code. */
  @Flag() totpEnabled!: boolean;
  /** The 30 s step of the last code that was accepted: neither it nor an earlier one is accepted again. */
  @Int({ nullable: true }) totpLastStep!: number | null;
}
