import { SECOND } from '@app/core';
import { Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

/** A part of the engine. */
export interface Stage {
  start?(): void;
  /** Takes no more work; resolves when what was taken is finished. */
  stop(): Promise<void>;
}

/** Nothing that ends takes longer than this, whatever hangs. */
const STOP_DEADLINE_MS = 9 * SECOND;

/**
 * The stages of the engine that this process runs. Starts from the end of the line and stops from its beginning, so
 * that whatever was taken in is carried through to the database.
 */
export class EngineService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Engine');

  /** `stages` in the order in which work flows; those of one place stop together. */
  constructor(private readonly stages: readonly (readonly Stage[])[]) {}

  onApplicationBootstrap(): void {
    for (const place of this.stages.toReversed()) for (const stage of place) stage.start?.();
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
    for (const place of this.stages) await Promise.all(place.map((stage) => stage.stop()));
  }
}
