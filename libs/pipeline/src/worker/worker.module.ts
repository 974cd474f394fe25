import { Clock } from '@app/core';
import { OutboundModule } from '@app/modules/outbound';
import { Module } from '@nestjs/common';
import { LoopLag } from './loop-lag';
import { WorkerService } from './worker.service';

const loopLag = {
  provide: LoopLag,
  inject: [Clock],
  useFactory: (clock: Clock) => new LoopLag(() => clock.now()),
};

@Module({ imports: [OutboundModule], providers: [loopLag, WorkerService], exports: [LoopLag, WorkerService] })
export class WorkerModule {}
