import { Entity, Index, Instant, Ref, Stored } from '@app/core';
import { User } from '../../users/user.entity';

/** Where somebody is signed in. All its tokens die with it. */
@Stored('sessions')
@Index(['userId'])
@Index(['expiresAt'])
export class Session extends Entity {
  @Ref(() => User, { onDelete: 'cascade' }) userId!: string;
  /** Moves on with every refresh. */
  @Instant() expiresAt!: Date;
}
