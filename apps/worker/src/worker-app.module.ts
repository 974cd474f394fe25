import { CheckQueue } from '@app/core';
import type { Env } from '@app/core';
import type { ClusterRedis } from '@app/messaging/redis';
import { WorkingModule } from '@app/pipeline/worker/working.module';
import { PlatformModule } from '@app/platform';
import { Readiness } from '@app/platform/process';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';

/** Runs checks. It knows no database, not even its variables. */
@Module({})
export class WorkerAppModule {
  static forRoot(env: Env, redis: ClusterRedis): DynamicModule {
    return {
      module: WorkerAppModule,
      imports: [PlatformModule.forRoot(env, redis.clock), redis.messaging({ checks: true }), WorkingModule],
      providers: [
        {
          provide: Readiness,
          inject: [CheckQueue],
          useFactory: (checks: CheckQueue) => new Readiness({ redis: () => redis.ping(), queue: () => checks.depth() }),
        },
      ],
    };
  }
}
