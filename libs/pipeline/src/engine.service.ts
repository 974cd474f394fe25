import { SECOND } from '@app/core';
import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { CleanupService } from './cleanup/cleanup.service';
import { IngesterService } from './ingester/ingester.service';
import { NotifierService } from './notifier/notifier.service';
import { ProducerService } from './producer/producer.service';
import { LoopLag } from './worker/loop-lag';
import { WorkerService } from './worker/worker.service';

/** Nothing that ends takes longer than this, whatever hangs. */
const STOP_DEADLINE_MS = 9 * SECOND;

/**
 * The whole engine in one process. Starts from the end of the line and stops from its beginning, so that whatever
 * was taken in is carried through to the database.
 */
@Injectable()
export class EngineService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Engine');

  constructor(
    private readonly producer: ProducerService,
    private readonly worker: WorkerService,
    private readonly ingester: IngesterService,
    private readonly notifier: NotifierService,
    private readonly cleanup: CleanupService,
    private readonly lag: LoopLag,
  ) {}

  onApplicationBootstrap(): void {
    // Who stood still could not listen: push monitors get their interval of grace.
    this.lag.onLate((until) => this.ingester.wasDeafUntil(until));
    this.lag.start();
    this.notifier.start();
    this.ingester.start();
    this.worker.start();
    this.producer.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve('The engine did not stop in time'), STOP_DEADLINE_MS);
    });
    const problem = await Promise.race([this.stop(), tooLong]);
    clearTimeout(timer);
    if (problem) this.logger.error(problem);
  }

  private async stop(): Promise<void> {
    this.lag.stop();
    await Promise.all([this.producer.stop(), this.cleanup.stop()]);
    await this.worker.stop();
    await this.ingester.stop();
    await this.notifier.stop();
  }
}
