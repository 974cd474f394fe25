import { Module } from '@nestjs/common';
import { EngineService } from '../engine.service';
import { WorkerModule } from './worker.module';
import { WorkerService } from './worker.service';

/** Runs checks, and needs no database for it: nothing that is imported here leads to one. */
@Module({
  imports: [WorkerModule],
  providers: [
    {
      provide: EngineService,
      inject: [WorkerService],
      useFactory: (worker: WorkerService) => new EngineService([[worker]]),
    },
  ],
})
export class WorkingModule {}
