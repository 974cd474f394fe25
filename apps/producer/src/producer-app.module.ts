import { AppError, ResultQueue, Store } from '@app/core';
import type { Env } from '@app/core';
import type { ClusterRedis } from '@app/messaging/redis';
import { ENTITIES } from '@app/modules/entities';
import { PersistenceModule } from '@app/persistence';
import { Backlog, ProducingModule } from '@app/pipeline';
import { PlatformModule } from '@app/platform';
import { Readiness } from '@app/platform/process';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';

/** Finds out what is due, and queues it. */
@Module({})
export class ProducerAppModule {
  static async forRoot(env: Env, redis: ClusterRedis): Promise<DynamicModule> {
    return {
      module: ProducerAppModule,
      imports: [
        PlatformModule.forRoot(env, redis.clock),
        await PersistenceModule.forRoot(env, ENTITIES, { access: 'shared' }),
        redis.messaging(),
        ProducingModule,
      ],
      providers: [
        {
          provide: Readiness,
          inject: [Store, ResultQueue, Backlog],
          useFactory: (store: Store, results: ResultQueue, backlog: Backlog) =>
            new Readiness({
              database: () => store.ping(),
              redis: () => redis.ping(),
              queue: () => results.depth(),
              backlog: () => notSlowedDown(backlog),
            }),
        },
      ],
    };
  }
}

function notSlowedDown(backlog: Backlog): Promise<void> {
  if (!backlog.slowedDown) return Promise.resolve();
  return Promise.reject(new AppError('unavailable', 'Results pile up: no checks are produced'));
}
