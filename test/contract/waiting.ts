/** Somebody waits until somebody else opens it. */
export function gate(): { open: () => void; passed: Promise<void> } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

/** Collects what arrives, and lets a test wait for so many. */
export class Arrivals<T> {
  readonly all: T[] = [];
  private waiting: { count: number; resolve: () => void }[] = [];

  readonly add = (value: T): void => {
    this.all.push(value);
    this.waiting = this.waiting.filter(({ count, resolve }) => {
      if (this.all.length < count) return true;
      resolve();
      return false;
    });
  };

  /** The first `count`, as soon as there are that many. */
  async first(count: number): Promise<T[]> {
    if (this.all.length < count) await new Promise<void>((resolve) => this.waiting.push({ count, resolve }));
    return this.all.slice(0, count);
  }
}

/** Everything that is ready to run has run: timers, callbacks and promises. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
