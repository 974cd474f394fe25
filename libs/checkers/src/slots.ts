import { orAbort } from '@app/outbound';

/** Lets a bounded number of runs happen at once; the others wait in line. */
export class Slots {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** @throws the signal's reason when no slot came free in time; `run` has not been started then. */
  async run<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
    await this.take(signal);
    try {
      return await run();
    } finally {
      this.give();
    }
  }

  private async take(signal: AbortSignal): Promise<void> {
    if (this.free > 0) {
      this.free--;
      return;
    }
    let enter!: () => void;
    const turn = new Promise<void>((resolve) => (enter = resolve));
    this.waiting.push(enter);
    try {
      await orAbort(turn, signal);
    } catch (error) {
      const index = this.waiting.indexOf(enter);
      if (index >= 0) this.waiting.splice(index, 1);
      else this.give(); // the slot came at the very moment
      throw error;
    }
  }

  /** A slot passes straight to whoever waits longest. */
  private give(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free++;
  }
}
