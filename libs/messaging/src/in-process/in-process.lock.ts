import { Lock } from '@app/core';

/** One process: who is in the set, holds. Never lost, so the signal never aborts. */
export class InProcessLock extends Lock {
  private readonly held = new Set<string>();

  override async tryRun(name: string, work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    if (this.held.has(name)) return false;
    this.held.add(name);
    try {
      await work(new AbortController().signal);
    } finally {
      this.held.delete(name);
    }
    return true;
  }
}
