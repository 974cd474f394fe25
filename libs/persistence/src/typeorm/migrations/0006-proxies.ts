import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from '../dialects';
import { addTextColumn, dropTextColumn } from './add-column';
import { TableBuilder } from './table-builder';

/** Proxies, and which one a monitor uses. */
export class Proxies1764000004000 implements MigrationInterface {
  readonly name = 'Proxies1764000004000';

  async up(runner: QueryRunner): Promise<void> {
    const proxies = new TableBuilder('proxies', dialectOf(runner))
      .text('protocol', 10)
      .text('host', 255, { search: true })
      .int('port')
      .flag('auth')
      .text('username', 255)
      .text('password', 0)
      .index(['createdAt', 'id']);
    await runner.createTable(proxies.build(), true);
    await addTextColumn(runner, 'monitors', 'proxyId', 36);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTextColumn(runner, 'monitors', 'proxyId');
    await runner.dropTable('proxies', true);
  }
}
