import { Module } from '@nestjs/common';
import { MaintenancesModule } from '../maintenances/maintenances.module';
import { MonitorsModule } from '../monitors/monitors.module';
import { PushTargets } from './push-targets';
import { PushController } from './push.controller';

/** The REST routes; only the API server imports it. */
@Module({ imports: [MaintenancesModule, MonitorsModule], providers: [PushTargets], controllers: [PushController] })
export class PushApiModule {}
