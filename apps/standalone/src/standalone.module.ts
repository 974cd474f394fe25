import type { Clock, Env } from '@app/core';
import { InProcessMessagingModule } from '@app/messaging/in-process';
import { ApiKeysApiModule } from '@app/modules/api-keys';
import { AuthApiModule } from '@app/modules/auth';
import { CertificatesApiModule } from '@app/modules/certificates';
import { HealthApiModule } from '@app/modules/health';
import { HeartbeatsApiModule } from '@app/modules/heartbeats';
import { MaintenancesApiModule } from '@app/modules/maintenances';
import { MonitorsApiModule } from '@app/modules/monitors';
import { NotificationChannelsApiModule } from '@app/modules/notification-channels';
import { PushApiModule } from '@app/modules/push';
import { RealtimeModule } from '@app/modules/realtime';
import { SettingsApiModule } from '@app/modules/settings';
import { StatsApiModule } from '@app/modules/stats';
import { TagsApiModule } from '@app/modules/tags';
import { UsersApiModule } from '@app/modules/users';
import { PersistenceModule } from '@app/persistence';
import { EngineModule } from '@app/pipeline';
import { HttpModule, PlatformModule } from '@app/platform';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ENTITIES } from './entities';

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
        HttpModule,
        ApiKeysApiModule,
        AuthApiModule,
        CertificatesApiModule,
        HealthApiModule,
        HeartbeatsApiModule,
        MaintenancesApiModule,
        MonitorsApiModule,
        NotificationChannelsApiModule,
        PushApiModule,
        RealtimeModule,
        SettingsApiModule,
        StatsApiModule,
        TagsApiModule,
        UsersApiModule,
        EngineModule,
      ],
    };
  }
}
