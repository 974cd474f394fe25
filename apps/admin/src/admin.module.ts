import type { Env } from '@app/core';
import { InProcessMessagingModule } from '@app/messaging/in-process';
import { AuditModule } from '@app/modules/audit';
import { ENTITIES } from '@app/modules/entities';
import { AccountsModule } from '@app/modules/users';
import { PersistenceModule } from '@app/persistence';
import { PlatformModule } from '@app/platform';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';

/** Accounts and what they stand on, without a server. */
@Module({})
export class AdminModule {
  /** @throws StartupError when the database cannot be used; it is never migrated. */
  static async forRoot(env: Env): Promise<DynamicModule> {
    return {
      module: AdminModule,
      imports: [
        PlatformModule.forRoot(env),
        await PersistenceModule.forRoot({ ...env, DB_MIGRATE: 'check' }, ENTITIES, { access: 'beside' }),
        InProcessMessagingModule.forRoot(),
        AccountsModule,
        AuditModule,
      ],
    };
  }
}
