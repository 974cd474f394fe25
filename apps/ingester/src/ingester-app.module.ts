import { ResultQueue, Store } from '@app/core';
import type { Env } from '@app/core';
import type { ClusterRedis } from '@app/messaging/redis';
import { ENTITIES } from '@app/modules/entities';
import { PersistenceModule } from '@app/persistence';
import { IngestingModule } from '@app/pipeline';
import { PlatformModule } from '@app/platform';
import { Readiness } from '@app/platform/process';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';

/** Stores results, sends notifications, and takes away what is too old. */
@Module({})
export class IngesterAppModule {
  static async forRoot(env: Env, redis: ClusterRedis): Promise<DynamicModule> {
    return {
      module: IngesterAppModule,
      imports: [
        PlatformModule.forRoot(env, redis.clock),
        await PersistenceModule.forRoot(env, ENTITIES, { access: 'shared' }),
        redis.messaging({ results: true }),
        IngestingModule,
      ],
      providers: [
        {
          provide: Readiness,
          inject: [Store, ResultQueue],
          useFactory: (store: Store, results: ResultQueue) =>
            new Readiness({
              database: () => store.ping(),
              redis: () => redis.ping(),
              queue: () => results.depth(),
            }),
        },
      ],
    };
  }
}
