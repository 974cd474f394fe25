export interface GathererOptions<T> {
  /** At most so many together. */
  max: number;
  /** How long the first one waits for company, ms; 0 = only for what is said in the same turn of the event loop. */
  waitMs: number;
  /** Never rejects. */
  flush: (items: T[]) => Promise<void>;
}

/** Turns many calls into few: what comes within a short time goes together. */
export class Gatherer<T> {
  private items: T[] = [];
  private timer: NodeJS.Timeout | NodeJS.Immediate | null = null;
  private readonly flushing = new Set<Promise<void>>();

  constructor(private readonly options: GathererOptions<T>) {}

  add(item: T): void {
    this.items.push(item);
    const { max, waitMs } = this.options;
    if (this.items.length >= max) this.send();
    else if (this.timer === null) {
      this.timer = waitMs > 0 ? setTimeout(() => this.send(), waitMs) : setImmediate(() => this.send());
    }
  }

  /** Sends what waits, and resolves when all that was sent has arrived. */
  async drain(): Promise<void> {
    this.send();
    await Promise.all(this.flushing);
  }

  private send(): void {
    if (this.timer !== null) {
      clearTimeout(this.timer as NodeJS.Timeout);
      clearImmediate(this.timer as NodeJS.Immediate);
      this.timer = null;
    }
    if (this.items.length === 0) return;
    const sent = this.options.flush(this.items.splice(0)).finally(() => this.flushing.delete(sent));
    this.flushing.add(sent);
  }
}
