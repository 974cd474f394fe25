import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from '../dialects';
import { TableBuilder } from './table-builder';

export class ApiKeys1764000000000 implements MigrationInterface {
  readonly name = 'ApiKeys1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    const table = new TableBuilder('api_keys', dialectOf(runner))
      .ref('userId', 'users', 'cascade')
      .text('name', 255)
      .text('hash', 255)
      .text('displayKey', 30)
      .text('role', 10)
      .instant('expiresAt', { nullable: true })
      .int('maxUsageCount', { nullable: true })
      .int('usageCount')
      .instant('lastUsedAt', { nullable: true })
      .instant('changedAt')
      .index(['userId'])
      .index(['createdAt', 'id']);
    await runner.createTable(table.build(), true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('api_keys', true);
  }
}
