import { MonitorsModule } from '@app/modules/monitors';
import { NotificationChannelsModule } from '@app/modules/notification-channels';
import { OutboundModule } from '@app/modules/outbound';
import { Module } from '@nestjs/common';
import { DeliveriesRepository } from './deliveries.repository';
import { NotifierService } from './notifier.service';

@Module({
  imports: [MonitorsModule, NotificationChannelsModule, OutboundModule],
  providers: [DeliveriesRepository, NotifierService],
  exports: [DeliveriesRepository, NotifierService],
})
export class NotifierModule {}
