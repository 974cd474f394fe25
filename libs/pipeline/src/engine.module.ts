import { Presence, TAKES_PUSHES } from '@app/core';
import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { CleanupModule } from './cleanup/cleanup.module';
import { CleanupService } from './cleanup/cleanup.service';
import { EngineService } from './engine.service';
import { IngesterModule } from './ingester/ingester.module';
import { IngesterService } from './ingester/ingester.service';
import { NotifierModule } from './notifier/notifier.module';
import { NotifierService } from './notifier/notifier.service';
import { ProducerModule } from './producer/producer.module';
import { ProducerService } from './producer/producer.service';
import { LoopLag } from './worker/loop-lag';
import { WorkerModule } from './worker/worker.module';
import { WorkerService } from './worker/worker.service';

/** The whole engine in one process: producer, worker, ingester, notifier and cleanup. */
@Module({
  imports: [ScheduleModule.forRoot(), ProducerModule, WorkerModule, IngesterModule, NotifierModule, CleanupModule],
  providers: [
    {
      provide: EngineService,
      inject: [ProducerService, CleanupService, WorkerService, IngesterService, NotifierService, LoopLag, Presence],
      useFactory: (
        producer: ProducerService,
        cleanup: CleanupService,
        worker: WorkerService,
        ingester: IngesterService,
        notifier: NotifierService,
        lag: LoopLag,
        presence: Presence,
      ) => {
        // Who stood still could not listen: push monitors get their interval of grace.
        lag.onLate(() => void presence.interrupted(TAKES_PUSHES));
        return new EngineService([[producer, cleanup], [worker], [ingester], [notifier]]);
      },
    },
  ],
})
export class EngineModule {}

/** Finds out what is due. */
@Module({
  imports: [ProducerModule],
  providers: [
    {
      provide: EngineService,
      inject: [ProducerService],
      useFactory: (producer: ProducerService) => new EngineService([[producer]]),
    },
  ],
  exports: [ProducerModule],
})
export class ProducingModule {}

/** Stores results, sends notifications and takes away what is too old. */
@Module({
  imports: [ScheduleModule.forRoot(), IngesterModule, NotifierModule, CleanupModule],
  providers: [
    {
      provide: EngineService,
      inject: [CleanupService, IngesterService, NotifierService],
      useFactory: (cleanup: CleanupService, ingester: IngesterService, notifier: NotifierService) =>
        new EngineService([[cleanup], [ingester], [notifier]]),
    },
  ],
})
export class IngestingModule {}
