import { CheckQueue, Clock, EventBus, Lock, Presence, RateCounter, ResultQueue, Schedule } from '@app/core';
import { Logger, Module } from '@nestjs/common';
import type { FactoryProvider } from '@nestjs/common';
import { InProcessCheckQueue } from './in-process.check-queue';
import type { FaultReporter } from '../fault-reporter';
import { InProcessEventBus } from './in-process.event-bus';
import { InProcessLock } from './in-process.lock';
import { InProcessPresence } from './in-process.presence';
import { InProcessRateCounter } from './in-process.rate-counter';
import { InProcessResultQueue } from './in-process.result-queue';
import { InProcessSchedule } from './in-process.schedule';

/** Far below what anybody sees of an interval of 20 s or more; a third of the CPU time of checks at 150 a second. */
const SCHEDULE_STEP_MS = 100;

function reporter(): FaultReporter {
  const logger = new Logger('Messaging');
  return (error, what) => logger.error({ err: error }, what);
}

const providers: FactoryProvider[] = [
  { provide: Schedule, inject: [Clock], useFactory: (clock: Clock) => new InProcessSchedule(clock, SCHEDULE_STEP_MS) },
  { provide: Presence, inject: [Clock], useFactory: (clock: Clock) => new InProcessPresence(clock) },
  { provide: RateCounter, inject: [Clock], useFactory: (clock: Clock) => new InProcessRateCounter(clock) },
  { provide: CheckQueue, useFactory: () => new InProcessCheckQueue(reporter()) },
  { provide: ResultQueue, useFactory: () => new InProcessResultQueue(reporter()) },
  { provide: EventBus, useFactory: () => new InProcessEventBus(reporter()) },
  { provide: Lock, useFactory: () => new InProcessLock() },
];

/** Every messaging port in memory, for servers that are one process. */
@Module({ providers, exports: providers })
export class InProcessMessagingModule {
  static forRoot() {
    return { module: InProcessMessagingModule, global: true };
  }
}
