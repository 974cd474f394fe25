import { Entity, Index, Instant, Int, Ref, Stored, Text } from '@app/core';
import type { Role } from '@app/platform';
import { User } from '../users/user.entity';

/** Lets a script in, in the name of a user. */
@Stored('api_keys')
@Index(['userId'])
@Index(['createdAt', 'id'])
export class ApiKey extends Entity {
  @Ref(() => User, { onDelete: 'cascade' }) userId!: string;
  @Text({ max: 255 }) name!: string;
  /** Hash of the secret: `sha256:` and base64url, or bcrypt until an imported key is first used. */
  @Text({ max: 255 }) hash!: string;
  /** What tells keys apart without giving them away. */
  @Text({ max: 30 }) displayKey!: string;
  @Text({ max: 10 }) role!: Role;
  @Instant({ nullable: true }) expiresAt!: Date | null;
  @Int({ nullable: true }) maxUsageCount!: number | null;
  /** Of a key with a maximum exact, of others a few seconds behind. */
  @Int() usageCount!: number;
  @Instant({ nullable: true }) lastUsedAt!: Date | null;
  /** When a person changed it; unlike `updatedAt`, use does not move it. */
  @Instant() changedAt!: Date;
}
