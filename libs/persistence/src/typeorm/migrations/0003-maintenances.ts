import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from '../dialects';
import { TableBuilder } from './table-builder';

/** Maintenance windows and the monitors that they are for. */
export class Maintenances1764000001000 implements MigrationInterface {
  readonly name = 'Maintenances1764000001000';

  async up(runner: QueryRunner): Promise<void> {
    const dialect = dialectOf(runner);
    const tables = [
      new TableBuilder('maintenances', dialect)
        .text('title', 255)
        .text('description', 0)
        .text('words', 0, { search: true })
        .flag('active')
        .text('strategy', 50)
        .text('startDateTime', 50, { nullable: true })
        .text('endDateTime', 50, { nullable: true })
        .text('startTime', 50, { nullable: true })
        .text('endTime', 50, { nullable: true })
        .text('weekdays', 0)
        .text('daysOfMonth', 0)
        .int('intervalDay', { nullable: true })
        .text('cron', 255, { nullable: true })
        .text('timezone', 100, { nullable: true })
        .int('duration', { nullable: true })
        .index(['createdAt', 'id'])
        .index(['active']),
      new TableBuilder('maintenance_monitors', dialect)
        .ref('maintenanceId', 'maintenances', 'cascade')
        .ref('monitorId', 'monitors', 'cascade')
        .int('position')
        .index(['maintenanceId', 'monitorId'], true)
        .index(['monitorId']),
    ];
    for (const table of tables) await runner.createTable(table.build(), true);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['maintenance_monitors', 'maintenances']) await runner.dropTable(name, true);
  }
}
