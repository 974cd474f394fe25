import { Module } from '@nestjs/common';
import { MonitorsModule } from '../monitors/monitors.module';
import { PushTargets } from './push-targets';
import { PushController } from './push.controller';

/** The REST routes; only the API server imports it. */
@Module({ imports: [MonitorsModule], providers: [PushTargets], controllers: [PushController] })
export class PushApiModule {}
