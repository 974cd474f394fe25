import { Module } from '@nestjs/common';
import { MonitorHeartbeatsController } from './heartbeats.controller';

/** The REST routes; only the API server imports it. */
@Module({ controllers: [MonitorHeartbeatsController] })
export class HeartbeatsApiModule {}
