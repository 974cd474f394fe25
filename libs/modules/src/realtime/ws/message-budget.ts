import { SECOND } from '@app/core';
import { MAX_MESSAGES_PER_SECOND } from '../limits';

/** Up to here they are answered; somebody who sends more is not listening. */
const PATIENCE = 5 * MAX_MESSAGES_PER_SECOND;

/** Counts the messages of one socket per second. */
export class MessageBudget {
  private windowEnd = -Infinity;
  private count = 0;

  take(nowMs: number): 'accept' | 'refuse' | 'disconnect' {
    if (nowMs >= this.windowEnd) {
      this.windowEnd = nowMs + SECOND;
      this.count = 0;
    }
    this.count++;
    if (this.count <= MAX_MESSAGES_PER_SECOND) return 'accept';
    return this.count <= PATIENCE ? 'refuse' : 'disconnect';
  }
}
