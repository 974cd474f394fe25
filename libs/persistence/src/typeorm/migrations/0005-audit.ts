import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from '../dialects';
import { TableBuilder } from './table-builder';

export class Audit1764000003000 implements MigrationInterface {
  readonly name = 'Audit1764000003000';

  async up(runner: QueryRunner): Promise<void> {
    const table = new TableBuilder('audit_entries', dialectOf(runner))
      .instant('at')
      .text('principalId', 36)
      .text('action', 50)
      .text('resource', 50)
      .text('resourceId', 255, { nullable: true })
      .text('details', 0)
      .index(['resource', 'resourceId', 'id'])
      .index(['principalId', 'id']);
    await runner.createTable(table.build(), true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('audit_entries', true);
  }
}
