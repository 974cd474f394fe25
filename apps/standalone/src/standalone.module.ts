import type { Clock, Env } from '@app/core';
import { InProcessMessagingModule } from '@app/messaging/in-process';
import { ApiModule } from '@app/modules/api.module';
import { ENTITIES } from '@app/modules/entities';
import { PersistenceModule } from '@app/persistence';
import { EngineModule } from '@app/pipeline';
import { PlatformModule } from '@app/platform';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';

/** Everything in one process: any database, queue and bus in memory. */
@Module({})
export class StandaloneModule {
  static async forRoot(env: Env, clock?: Clock): Promise<DynamicModule> {
    return {
      module: StandaloneModule,
      imports: [
        PlatformModule.forRoot(env, clock),
        await PersistenceModule.forRoot(env, ENTITIES),
        InProcessMessagingModule.forRoot(),
        ApiModule,
        EngineModule,
      ],
    };
  }
}
