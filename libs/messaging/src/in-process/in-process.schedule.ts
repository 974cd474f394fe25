import { Schedule, nextDue } from '@app/core';
import type { Clock, ScheduleEntry } from '@app/core';
import { DueHeap } from './due-heap';

/** Node's longest timer; a later tick is looked at again by then. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** A heap and one timer. Rebuilt from the database at start, so nothing has to survive the process. */
export class InProcessSchedule extends Schedule {
  private readonly heap = new DueHeap();
  private readonly intervals = new Map<string, number>();
  private readonly waiting = new Set<() => void>();

  /**
   * `stepMs`: ticks are given out on multiples of this, so that neighbours are read, checked and stored together.
   * Each monitor comes at most this much later than its phase says, and always as much: a claim that comes late takes
   * nothing of the next step with it.
   */
  constructor(
    private readonly clock: Clock,
    private readonly stepMs = 1,
  ) {
    super();
  }

  override get lost(): boolean {
    return false;
  }

  override put({ id, intervalMs }: ScheduleEntry, { immediately = false } = {}): Promise<void> {
    const known = this.intervals.get(id);
    this.intervals.set(id, intervalMs);
    const now = this.clock.now();
    if (immediately) this.heap.set(id, now);
    else if (known !== intervalMs) this.heap.set(id, nextDue(id, intervalMs, now));
    this.wake();
    return Promise.resolve();
  }

  override remove(id: string): Promise<void> {
    this.intervals.delete(id);
    this.heap.delete(id);
    return Promise.resolve();
  }

  override reschedule(id: string, dueAt: number): Promise<void> {
    if (this.intervals.has(id)) {
      this.heap.set(id, dueAt);
      this.wake();
    }
    return Promise.resolve();
  }

  override async sync(entries: readonly ScheduleEntry[]): Promise<void> {
    const wanted = new Set(entries.map(({ id }) => id));
    for (const id of [...this.intervals.keys()]) if (!wanted.has(id)) await this.remove(id);
    for (const entry of entries) await this.put(entry);
  }

  override claim(limit: number): Promise<string[]> {
    const now = this.clock.now();
    const until = Math.floor(now / this.stepMs) * this.stepMs;
    const due: string[] = [];
    while (due.length < limit && (this.heap.earliest ?? Infinity) <= until) {
      const id = this.heap.peek()!;
      this.heap.set(id, nextDue(id, this.intervals.get(id)!, now));
      due.push(id);
    }
    return Promise.resolve(due);
  }

  override wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const earliest = Math.ceil((this.heap.earliest ?? Infinity) / this.stepMs) * this.stepMs;
      const delay = Math.min(earliest - this.clock.now(), MAX_DELAY_MS);
      if (delay <= 0 || signal.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, delay);
      this.waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  /** What comes next may come earlier now: whoever waits looks again. */
  private wake(): void {
    for (const done of this.waiting) done();
  }
}
