import { CheckQueue, Clock, EventBus, Lock, RateCounter, ResultQueue, Schedule } from '@app/core';
import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { FakeClock } from '../../../../test/support/clock';
import { InProcessMessagingModule } from './in-process-messaging.module';

@Global()
@Module({ providers: [{ provide: Clock, useValue: new FakeClock() }], exports: [Clock] })
class ClockModule {}

describe('InProcessMessagingModule', () => {
  it.each([[Schedule], [RateCounter], [CheckQueue], [ResultQueue], [EventBus], [Lock]])('provides %p', async (port) => {
    const app = await Test.createTestingModule({
      imports: [ClockModule, InProcessMessagingModule.forRoot()],
    }).compile();

    expect(app.get(port)).toBeInstanceOf(port);

    await app.close();
  });
});
