import { Module } from '@nestjs/common';
import { MaintenancesModule } from '../maintenances/maintenances.module';
import { MonitorsModule } from '../monitors/monitors.module';
import { PushPresence } from './push-presence';
import { PushTargets } from './push-targets';
import { PushController } from './push.controller';

/** The REST routes; only the API server imports it. */
@Module({
  imports: [MaintenancesModule, MonitorsModule],
  providers: [PushPresence, PushTargets],
  controllers: [PushController],
})
export class PushApiModule {}
