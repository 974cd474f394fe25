/** One holder at a time, in all processes. */
export abstract class Lock {
  /**
   * Runs `work` if nobody else holds `name`; `signal` aborts when the lock is lost.
   * @returns false, without running it, when somebody does.
   */
  abstract tryRun(name: string, work: (signal: AbortSignal) => Promise<void>): Promise<boolean>;
}
