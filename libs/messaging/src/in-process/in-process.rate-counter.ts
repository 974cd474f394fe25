import { MINUTE, RateCounter } from '@app/core';
import type { Clock, RateWindow } from '@app/core';

interface Window {
  hits: number;
  endsAt: number;
}

/** One small object per key; windows that are over leave when the next minute's first hit comes. */
export class InProcessRateCounter extends RateCounter {
  private readonly windows = new Map<string, Window>();
  private sweepAt = 0;

  constructor(private readonly clock: Clock) {
    super();
  }

  override hit(key: string, windowMs: number): Promise<RateWindow> {
    const now = this.clock.now();
    if (now >= this.sweepAt) this.sweep(now);
    let window = this.windows.get(key);
    if (!window || window.endsAt <= now) {
      window = { hits: 0, endsAt: now + windowMs };
      this.windows.set(key, window);
    }
    window.hits++;
    return Promise.resolve({ hits: window.hits, resetMs: window.endsAt - now });
  }

  private sweep(now: number): void {
    for (const [key, { endsAt }] of this.windows) if (endsAt <= now) this.windows.delete(key);
    this.sweepAt = now + MINUTE;
  }
}
