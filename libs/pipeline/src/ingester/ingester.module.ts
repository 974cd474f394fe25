import { MonitorsModule } from '@app/modules/monitors';
import { Module } from '@nestjs/common';
import { IngesterService } from './ingester.service';

@Module({ imports: [MonitorsModule], providers: [IngesterService], exports: [IngesterService] })
export class IngesterModule {}
