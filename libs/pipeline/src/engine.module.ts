import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { CleanupModule } from './cleanup/cleanup.module';
import { EngineService } from './engine.service';
import { IngesterModule } from './ingester/ingester.module';
import { NotifierModule } from './notifier/notifier.module';
import { ProducerModule } from './producer/producer.module';
import { WorkerModule } from './worker/worker.module';

/** Producer, worker, ingester, notifier and cleanup together. */
@Module({
  imports: [ScheduleModule.forRoot(), ProducerModule, WorkerModule, IngesterModule, NotifierModule, CleanupModule],
  providers: [EngineService],
})
export class EngineModule {}
