import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from '../dialects';
import { TableBuilder } from './table-builder';

/** Status pages, the monitors that they show and the domains under which they are shown. */
export class StatusPages1764000002000 implements MigrationInterface {
  readonly name = 'StatusPages1764000002000';

  async up(runner: QueryRunner): Promise<void> {
    const dialect = dialectOf(runner);
    const tables = [
      new TableBuilder('status_pages', dialect)
        .text('slug', 255, { unique: true })
        .text('title', 255)
        .text('description', 0)
        .text('words', 0, { search: true })
        .text('icon', 255)
        .text('theme', 30)
        .flag('published')
        .text('footerText', 0)
        .int('autoRefreshInterval')
        .flag('searchEngineIndex')
        .flag('showTags')
        .flag('showPoweredBy')
        .flag('showCertificateExpiry')
        .text('customCss', 0)
        .text('googleAnalyticsTagId', 32)
        .text('password', 255, { nullable: true })
        .index(['createdAt', 'id']),
      new TableBuilder('status_page_monitors', dialect)
        .ref('statusPageId', 'status_pages', 'cascade')
        .ref('monitorId', 'monitors', 'cascade')
        .int('position')
        .index(['statusPageId', 'monitorId'], true)
        .index(['monitorId']),
      new TableBuilder('status_page_domains', dialect)
        .ref('statusPageId', 'status_pages', 'cascade')
        .text('domain', 255, { unique: true })
        .int('position')
        .index(['statusPageId']),
    ];
    for (const table of tables) await runner.createTable(table.build(), true);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['status_page_domains', 'status_page_monitors', 'status_pages']) {
      await runner.dropTable(name, true);
    }
  }
}
