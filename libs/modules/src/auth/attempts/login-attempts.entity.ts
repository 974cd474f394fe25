import { Entity, Index, Instant, Int, Stored, Text } from '@app/core';

/** Failed attempts to get in, counted under one key: an account at an address, an address, or a user. */
@Stored('login_attempts')
@Index(['updatedAt'])
export class LoginAttempts extends Entity {
  @Text({ max: 320, unique: true }) key!: string;
  @Int() failures!: number;
  /** Start of the window in which they count together. */
  @Instant() firstFailedAt!: Date;
  @Instant({ nullable: true }) lockedUntil!: Date | null;
}
