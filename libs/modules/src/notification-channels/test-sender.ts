import { AppError, Clock, messageOf } from '@app/core';
import { deliver, testMessage } from '@app/notifiers';
import type { Channel } from '@app/notifiers';
import { Outbound } from '@app/outbound';
import { Config } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** The caller waits for the provider; this is as long as a client's patience. */
const DEADLINE_MS = 30_000;

@Injectable()
export class TestSender {
  constructor(
    private readonly outbound: Outbound,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `unprocessable` with the provider's answer, secrets left out. */
  async send(channel: Channel): Promise<void> {
    try {
      await deliver(channel, testMessage(this.clock.now()), {
        outbound: this.outbound,
        signal: AbortSignal.timeout(DEADLINE_MS),
        clientUrl: this.config.clientUrl,
        version: this.config.env.API_VERSION,
        test: true,
      });
    } catch (error) {
      throw new AppError('unprocessable', `Failed to send test notification: ${messageOf(error)}`, { cause: error });
    }
  }
}
