/** A sleep that can be cut short, also by a call that came while nobody slept. */
export class Wakeup {
  private wake: (() => void) | null = null;
  private called = false;
  private ended = false;

  get stopped(): boolean {
    return this.ended;
  }

  now(): void {
    this.called = true;
    this.wake?.();
  }

  /** No sleep any more. */
  stop(): void {
    this.ended = true;
    this.now();
  }

  async sleep(ms: number): Promise<void> {
    if (!this.called && !this.ended) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.wake = null;
    this.called = false;
  }
}
