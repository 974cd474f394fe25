import { MaintenancesModule } from '@app/modules/maintenances';
import { MonitorsModule } from '@app/modules/monitors';
import { ProxiesModule } from '@app/modules/proxies';
import { SettingsModule } from '@app/modules/settings';
import { Module } from '@nestjs/common';
import { Backlog } from './backlog';
import { KnownMonitors } from './known-monitors';
import { ProducerService } from './producer.service';

@Module({
  imports: [MaintenancesModule, MonitorsModule, ProxiesModule, SettingsModule],
  providers: [Backlog, KnownMonitors, ProducerService],
  exports: [Backlog, ProducerService],
})
export class ProducerModule {}
