import { HttpModule } from '@app/platform';
import { Module } from '@nestjs/common';
import { ApiKeysApiModule } from './api-keys';
import { AuditApiModule } from './audit';
import { AuthApiModule } from './auth';
import { BadgesApiModule } from './badges';
import { CertificatesApiModule } from './certificates';
import { HealthApiModule } from './health';
import { HeartbeatsApiModule } from './heartbeats';
import { MaintenancesApiModule } from './maintenances';
import { MonitorsApiModule } from './monitors';
import { NotificationChannelsApiModule } from './notification-channels';
import { ProxiesApiModule } from './proxies';
import { PushApiModule } from './push';
import { RealtimeModule } from './realtime';
import { SettingsApiModule } from './settings';
import { StatsApiModule } from './stats';
import { StatusPagesApiModule } from './status-pages';
import { TagsApiModule } from './tags';
import { UsersApiModule } from './users';

/** Every route and both kinds of sockets. */
@Module({
  imports: [
    HttpModule,
    ApiKeysApiModule,
    AuditApiModule,
    AuthApiModule,
    BadgesApiModule,
    CertificatesApiModule,
    HealthApiModule,
    HeartbeatsApiModule,
    MaintenancesApiModule,
    MonitorsApiModule,
    NotificationChannelsApiModule,
    ProxiesApiModule,
    PushApiModule,
    RealtimeModule,
    SettingsApiModule,
    StatsApiModule,
    StatusPagesApiModule,
    TagsApiModule,
    UsersApiModule,
  ],
})
export class ApiModule {}
