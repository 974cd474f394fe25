import { Presence, TAKES_PUSHES } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

/** Says that this process takes pushes, for as long as it does. */
@Injectable()
export class PushPresence implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private leave: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly presence: Presence) {}

  async onApplicationBootstrap(): Promise<void> {
    this.leave = await this.presence.join(TAKES_PUSHES);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.leave();
  }
}
