export interface ScheduleEntry {
  id: string;
  intervalMs: number;
}

/**
 * When which monitor is due. Every entry ticks at its own phase (`nextDue`), so monitors spread over their interval.
 * Any number of producers may claim from one schedule; each tick is given out once.
 */
export abstract class Schedule {
  /**
   * Adds an entry, or changes its interval. `immediately`: due now; otherwise a new entry, or one with a changed
   * interval, is due at its next tick, and a known one is left alone.
   */
  abstract put(entry: ScheduleEntry, options?: { immediately?: boolean }): Promise<void>;

  abstract remove(id: string): Promise<void>;

  /** Moves the next tick of a known entry to this moment (epoch ms); the one after follows its phase again. */
  abstract reschedule(id: string, dueAt: number): Promise<void>;

  /** Makes the schedule hold exactly these entries. Known ones with the same interval keep their due time. */
  abstract sync(entries: readonly ScheduleEntry[]): Promise<void>;

  /** Whether the last {@link claim} found that the entries are gone with the store that held them: `sync` is due. */
  abstract get lost(): boolean;

  /** Takes what is due, earliest first, and moves each to its next tick. A tick that was missed does not pile up. */
  abstract claim(limit: number): Promise<string[]>;

  /** Resolves when something may be due, or when aborted. */
  abstract wait(signal: AbortSignal): Promise<void>;
}
