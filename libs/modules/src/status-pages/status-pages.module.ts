import { Module } from '@nestjs/common';
import { MonitorsModule } from '../monitors/monitors.module';
import { PublicPagesController } from './public-pages.controller';
import { PublicPagesService } from './public-pages.service';
import { StatusPagesController } from './status-pages.controller';
import { StatusPagesRepository } from './status-pages.repository';
import { StatusPagesService } from './status-pages.service';
import { Visitors } from './visitors';

@Module({
  imports: [MonitorsModule],
  providers: [PublicPagesService, StatusPagesRepository, StatusPagesService, Visitors],
  exports: [PublicPagesService, StatusPagesRepository, StatusPagesService],
})
export class StatusPagesModule {}

/** Adds the REST routes; only the API server imports it. */
@Module({ imports: [StatusPagesModule], controllers: [PublicPagesController, StatusPagesController] })
export class StatusPagesApiModule {}
