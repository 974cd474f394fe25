import { Module } from '@nestjs/common';
import { MonitorsModule } from '../monitors/monitors.module';
import { MonitorStatsController } from './stats.controller';
import { StatsService } from './stats.service';

@Module({ imports: [MonitorsModule], providers: [StatsService], exports: [StatsService] })
export class StatsModule {}

/** Adds the REST routes; only the API server imports it. */
@Module({ imports: [StatsModule], controllers: [MonitorStatsController] })
export class StatsApiModule {}
