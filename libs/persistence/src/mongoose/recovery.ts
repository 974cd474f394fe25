import { HOUR, SECOND } from '@app/core';
import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { MongoPorts } from './open-mongo';

const EFFECTS_EVERY_MS = 30 * SECOND;

/** Finishes, or takes back, what processes left that died: at start, and while this one runs. */
@Injectable()
export class Recovery implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Recovery');
  private readonly timers: NodeJS.Timeout[] = [];
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly ports: MongoPorts) {}

  onApplicationBootstrap(): void {
    const { store, timeline } = this.ports;
    this.run(() => timeline.recover(0));
    this.run(() => store.recover());
    this.every(EFFECTS_EVERY_MS, () => timeline.recover());
    this.every(HOUR, () => store.recover());
  }

  async onModuleDestroy(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.running;
  }

  private every(ms: number, work: () => Promise<void>): void {
    this.timers.push(setInterval(() => this.run(work), ms).unref());
  }

  private run(work: () => Promise<void>): void {
    this.running = this.running.then(work).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'What a dead process may have left is not finished; trying again later');
    });
  }
}
