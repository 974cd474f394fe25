import { Module } from '@nestjs/common';
import { MonitorsController } from './monitors.controller';
import { MonitorsRepository } from './monitors.repository';
import { MonitorsService } from './monitors.service';

@Module({ providers: [MonitorsRepository, MonitorsService], exports: [MonitorsRepository, MonitorsService] })
export class MonitorsModule {}

/** Adds the REST routes; only the API server imports it. */
@Module({ imports: [MonitorsModule], controllers: [MonitorsController] })
export class MonitorsApiModule {}
