import { Clock, ResultQueue, SECOND } from '@app/core';
import { Injectable, Logger } from '@nestjs/common';

/** More results than these wait: nobody stores them as fast as they come. Below what the result queues hold. */
const HIGH = 80_000;
/** Producing goes on when so few are left. */
const LOW = 40_000;
const LOOK_EVERY_MS = SECOND;

/**
 * Back-pressure: while results pile up, no further checks are produced, so that neither memory nor Redis is filled
 * with what cannot be stored. A monitor that is not checked has no beat; it never gets one that says down.
 */
@Injectable()
export class Backlog {
  private readonly logger = new Logger('Producer');
  private high = false;
  private nextLookAt = 0;

  constructor(
    private readonly results: ResultQueue,
    private readonly clock: Clock,
  ) {}

  async isHigh(): Promise<boolean> {
    if (this.clock.now() < this.nextLookAt) return this.high;
    this.nextLookAt = this.clock.now() + LOOK_EVERY_MS;
    const waiting = await this.results.depth();
    const high = waiting > (this.high ? LOW : HIGH);
    if (high !== this.high) {
      const what = high ? 'Results pile up: no further checks until they are stored' : 'Results are stored again';
      this.logger.warn({ waiting }, what);
    }
    this.high = high;
    return high;
  }

  /** As seen last. */
  get slowedDown(): boolean {
    return this.high;
  }
}
