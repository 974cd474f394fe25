import { Module } from '@nestjs/common';
import { MonitorsModule } from '../monitors/monitors.module';
import { StatusPagesModule } from '../status-pages/status-pages.module';
import { BadgesController } from './badges.controller';
import { BadgesService } from './badges.service';

/** The REST routes; only the API server imports it. */
@Module({ imports: [MonitorsModule, StatusPagesModule], controllers: [BadgesController], providers: [BadgesService] })
export class BadgesApiModule {}
