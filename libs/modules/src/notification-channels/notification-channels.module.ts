import { Module } from '@nestjs/common';
import { OutboundModule } from '../outbound/outbound.module';
import { NotificationChannelsController } from './notification-channels.controller';
import { NotificationChannelsRepository } from './notification-channels.repository';
import { NotificationChannelsService } from './notification-channels.service';
import { TestSender } from './test-sender';

@Module({ providers: [NotificationChannelsRepository], exports: [NotificationChannelsRepository] })
export class NotificationChannelsModule {}

/** Adds the REST routes; only the API server imports it. */
@Module({
  imports: [NotificationChannelsModule, OutboundModule],
  providers: [NotificationChannelsService, TestSender],
  controllers: [NotificationChannelsController],
})
export class NotificationChannelsApiModule {}
