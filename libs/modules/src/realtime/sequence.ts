/** Runs tasks one after the other, in the order in which they came. */
export class Sequence {
  private tail: Promise<void> = Promise.resolve();
  private count = 0;

  /** Tasks that have not finished. */
  get size(): number {
    return this.count;
  }

  /** The task must not reject: nobody waits for it. */
  add(task: () => Promise<void>): void {
    this.count++;
    this.tail = this.tail.then(task).finally(() => this.count--);
  }
}
