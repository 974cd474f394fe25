/** A counting semaphore that can be closed. */
export class Slots {
  private readonly waiting: ((taken: boolean) => void)[] = [];
  private readonly watching: (() => void)[] = [];
  private closed = false;

  constructor(private free: number) {}

  /** Resolves with true when a slot is taken, with false when no more are given out. */
  take(): Promise<boolean> {
    if (this.closed) return Promise.resolve(false);
    if (this.free > 0) {
      this.free--;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      this.waiting.push(resolve);
    });
  }

  /** Resolves when a slot is free, without taking it, or when no more are given out. */
  available(): Promise<void> {
    if (this.free > 0 || this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.watching.push(resolve);
    });
  }

  give(): void {
    const next = this.waiting.shift();
    if (next) return next(true);
    this.free++;
    for (const tell of this.watching.splice(0)) tell();
  }

  close(): void {
    this.closed = true;
    for (const refuse of this.waiting.splice(0)) refuse(false);
    for (const tell of this.watching.splice(0)) tell();
  }
}
