import { parseInstant } from '@app/core';
import { IntegerField, ROLES, TextField } from '@app/platform';
import type { Role } from '@app/platform';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { ApiKey } from './api-key.entity';
import { KEY_PREFIX } from './api-key.format';

const name = { min: 1, max: 255, description: 'Need not be unique', example: 'ci pipeline' };
const expiry = {
  optional: true,
  nullable: true,
  format: 'date-time',
  example: '2099-01-01T08:00:00Z',
  rule: {
    test: (text: string) => parseInstant(text) !== null,
    message: 'must be a time with a zone such as 2099-01-01T08:00:00Z',
  },
};
const maximum = {
  optional: true,
  nullable: true,
  min: 1,
  description: 'How many requests the key may be used for',
  example: 1000,
};
const role = {
  optional: true,
  enum: ROLES,
  description: "At most the creator's, which it is by default",
  example: 'editor',
};

@ApiSchema({ name: 'api_key.CreateAPIKeyDto' })
export class ApiKeyInputDto {
  @TextField(name) name!: string;
  @TextField({ ...expiry, description: 'Null or absent: never' }) expires_at?: string | null;
  @IntegerField(maximum) max_usage_count?: number | null;
  @TextField(role) role?: Role | null;
}

@ApiSchema({ name: 'api_key.UpdateAPIKeyDto' })
export class ApiKeyPatchDto {
  @TextField({ ...name, optional: true }) name?: string | null;
  @TextField({ ...expiry, description: 'Null: never' }) expires_at?: string | null;
  @IntegerField({ ...maximum, description: 'Null: without limit' }) max_usage_count?: number | null;
  @TextField(role) role?: Role | null;
}

@ApiSchema({ name: 'api_key.APIKeyResponse' })
export class ApiKeyDto {
  @ApiProperty({ example: '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d20' }) id!: string;
  @ApiProperty({ example: 'ci pipeline' }) name!: string;
  @ApiProperty({ description: 'What tells keys apart without giving them away', example: 'pk_GdG0...UU3w' })
  display_key!: string;
  @ApiProperty({ enum: ROLES, description: "Or its owner's, when that is less", example: 'editor' }) role!: Role;
  @ApiProperty({ description: 'Whose key it is', example: '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d10' }) user_id!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) last_used!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '2099-01-01T08:00:00.000Z' }) expires_at!: string | null;
  @ApiProperty({ type: 'integer', example: 0 }) usage_count!: number;
  @ApiProperty({ type: 'integer', nullable: true, example: 1000 }) max_usage_count!: number | null;
  @ApiProperty({ example: '2026-02-01T09:30:00.293Z' }) created_at!: string;
  @ApiProperty({ example: '2026-02-01T09:30:00.293Z' }) updated_at!: string;

  static from(this: void, key: ApiKey): ApiKeyDto {
    return {
      id: key.id,
      name: key.name,
      display_key: key.displayKey,
      role: key.role,
      user_id: key.userId,
      last_used: key.lastUsedAt?.toISOString() ?? null,
      expires_at: key.expiresAt?.toISOString() ?? null,
      usage_count: key.usageCount,
      max_usage_count: key.maxUsageCount,
      created_at: key.createdAt.toISOString(),
      updated_at: key.changedAt.toISOString(),
    };
  }
}

@ApiSchema({ name: 'api_key.APIKeyWithTokenResponse' })
export class ApiKeyWithTokenDto extends ApiKeyDto {
  @ApiProperty({ description: 'The key: shown only now', example: `${KEY_PREFIX}eyJpZCI6Ii4uLiIsImtleSI6Ii4uLiJ9` })
  token!: string;
}

@ApiSchema({ name: 'api_key.APIKeyConfigResponse' })
export class ApiKeyConfigDto {
  @ApiProperty({ example: KEY_PREFIX }) prefix!: string;
}
