import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from '../dialects';
import { TableBuilder } from './table-builder';
import { createTimelineTables, dropTimelineTables } from './timeline-tables';

/** The first schema: people, configuration, history, outbox. */
export class Initial1763900000000 implements MigrationInterface {
  readonly name = 'Initial1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    const dialect = dialectOf(runner);
    const table = (name: string) => new TableBuilder(name, dialect);
    const tables = [
      table('settings').text('key', 255, { unique: true }).text('value', 0).text('type', 50),
      table('instance_secrets').text('name', 100, { unique: true }).text('value', 0),
      table('users')
        .text('email', 255)
        .text('emailKey', 255, { unique: true })
        .text('password', 255)
        .flag('active')
        .text('role', 10)
        .text('seat', 20, { nullable: true, unique: true })
        .text('totpSecret', 255, { nullable: true })
        .flag('totpEnabled')
        .int('totpLastStep', { nullable: true }),
      table('sessions').ref('userId', 'users', 'cascade').instant('expiresAt').index(['userId']).index(['expiresAt']),
      table('login_attempts')
        .text('key', 320, { unique: true })
        .int('failures')
        .instant('firstFailedAt')
        .instant('lockedUntil', { nullable: true })
        .index(['updatedAt']),
      table('tags')
        .text('name', 100, { unique: true, search: true })
        .text('color', 9)
        .text('description', 0, { nullable: true }),
      table('notification_channels')
        .text('name', 255, { search: true })
        .text('type', 50)
        .flag('active')
        .flag('isDefault')
        .text('config', 0)
        .index(['createdAt', 'id']),
      table('monitors')
        .text('type', 20)
        .text('name', 150, { search: true })
        .int('interval')
        .int('timeout')
        .int('maxRetries')
        .int('retryInterval')
        .int('resendInterval')
        .flag('active')
        .int('status')
        .text('config', 0)
        .text('pushToken', 255, { nullable: true, unique: true })
        .instant('activeSince')
        .index(['createdAt', 'id'])
        .index(['active', 'status']),
      table('monitor_tags')
        .ref('monitorId', 'monitors', 'cascade')
        .ref('tagId', 'tags', 'cascade')
        .int('position')
        .index(['monitorId', 'tagId'], true)
        .index(['tagId']),
      table('monitor_notifications')
        .ref('monitorId', 'monitors', 'cascade')
        .ref('channelId', 'notification_channels', 'cascade')
        .int('position')
        .index(['monitorId', 'channelId'], true)
        .index(['channelId']),
      table('deliveries')
        .text('monitorId', 36)
        .text('channelId', 36)
        .text('kind', 30)
        .text('source', 150)
        .text('text', 0)
        .text('heartbeat', 0, { nullable: true })
        .text('state', 20)
        .int('attempts')
        .instant('dueAt')
        .text('lastError', 1000, { nullable: true })
        .instant('finishedAt', { nullable: true })
        .index(['state', 'dueAt'])
        .index(['monitorId', 'channelId'])
        .index(['source', 'channelId'], true),
    ];
    for (const builder of tables) await runner.createTable(builder.build(), true);
    await createTimelineTables(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTimelineTables(runner);
    const tables = ['deliveries', 'monitor_notifications', 'monitor_tags', 'monitors', 'notification_channels', 'tags'];
    tables.push('login_attempts', 'sessions', 'users', 'instance_secrets', 'settings');
    for (const name of tables) await runner.dropTable(name, true);
  }
}
