import type { Env } from '@app/core';
import { MORE_PROBES } from '@app/modules/health';
import { ApiModule } from '@app/modules/api.module';
import { ENTITIES } from '@app/modules/entities';
import type { ClusterRedis } from '@app/messaging/redis';
import { PersistenceModule } from '@app/persistence';
import { PlatformModule } from '@app/platform';
import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';

/** The REST API and the sockets; the engine runs elsewhere. */
@Global()
@Module({})
export class ApiAppModule {
  static async forRoot(env: Env, redis: ClusterRedis): Promise<DynamicModule> {
    return {
      module: ApiAppModule,
      imports: [
        PlatformModule.forRoot(env, redis.clock),
        await PersistenceModule.forRoot(env, ENTITIES, { access: 'shared' }),
        redis.messaging(),
        ApiModule,
      ],
      providers: [{ provide: MORE_PROBES, useValue: { redis: () => redis.ping() } }],
      exports: [MORE_PROBES],
    };
  }
}
