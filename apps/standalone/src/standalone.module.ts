import type { Env } from '@app/core';
import { InProcessMessagingModule } from '@app/messaging/in-process';
import { AuthApiModule } from '@app/modules/auth';
import { HealthApiModule } from '@app/modules/health';
import { TagsApiModule } from '@app/modules/tags';
import { PersistenceModule } from '@app/persistence/typeorm';
import { HttpModule, PlatformModule } from '@app/platform';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ENTITIES } from './entities';

/** Everything in one process: SQLite, queue and bus in memory. */
@Module({})
export class StandaloneModule {
  static forRoot(env: Env): DynamicModule {
    return {
      module: StandaloneModule,
      imports: [
        PlatformModule.forRoot(env),
        PersistenceModule.forRoot({ file: env.DB_NAME, entities: ENTITIES, migrate: env.DB_MIGRATE }),
        InProcessMessagingModule.forRoot(),
        HttpModule,
        AuthApiModule,
        HealthApiModule,
        TagsApiModule,
      ],
    };
  }
}
