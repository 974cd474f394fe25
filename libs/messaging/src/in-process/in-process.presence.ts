import { Presence } from '@app/core';
import type { Clock } from '@app/core';

interface Part {
  players: number;
  since: number;
}

export class InProcessPresence extends Presence {
  private readonly parts = new Map<string, Part>();

  constructor(private readonly clock: Clock) {
    super();
  }

  override join(part: string): Promise<() => Promise<void>> {
    const known = this.parts.get(part);
    if (known && known.players > 0) known.players++;
    else this.parts.set(part, { players: 1, since: this.clock.now() });
    let left = false;
    return Promise.resolve(() => {
      if (!left) this.parts.get(part)!.players--;
      left = true;
      return Promise.resolve();
    });
  }

  override interrupted(part: string): Promise<void> {
    const known = this.parts.get(part);
    if (known) known.since = this.clock.now();
    return Promise.resolve();
  }

  override since(part: string): Promise<number> {
    const known = this.parts.get(part);
    return Promise.resolve(known && known.players > 0 ? known.since : this.clock.now());
  }
}
