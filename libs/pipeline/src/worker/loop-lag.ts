import { SECOND } from '@app/core';

const LOOK_EVERY_MS = 250;
/** A process that stood still for longer than this cannot say of a target that it was slow. */
const TOO_LATE_MS = SECOND;
const KEEP = 100;

/** Watches how late this process runs: too busy, stopped, or on a machine that slept. */
export class LoopLag {
  private timer: NodeJS.Timeout | undefined;
  private expectedAt = 0;
  private episodes: { from: number; to: number }[] = [];

  private tell: (until: number) => void = () => undefined;

  constructor(private readonly now: () => number = Date.now) {}

  /** `listener` is told the moment at which the process ran again, epoch ms. */
  onLate(listener: (until: number) => void): void {
    this.tell = listener;
  }

  start(): void {
    this.expectedAt = this.now() + LOOK_EVERY_MS;
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Whether the process stood still at some time since `from`, or does so at this moment. */
  wasLateSince(from: number): boolean {
    this.look();
    return this.episodes.some(({ to }) => to >= from);
  }

  /** Also called from outside the timer: a timer of the same age may run before it. */
  private look(): void {
    const now = this.now();
    if (now - this.expectedAt > TOO_LATE_MS) {
      this.episodes = [...this.episodes.slice(1 - KEEP), { from: this.expectedAt, to: now }];
      this.tell(now);
    }
    this.expectedAt = now + LOOK_EVERY_MS;
  }
}
