import { AppError } from '@app/core';

/** Lets so many in at once, the others in the order of their arrival. */
export class Turnstile {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly places: number,
    /** Whoever comes when as many wait is sent away. */
    private readonly maxWaiting: number,
  ) {}

  /** @throws AppError `unavailable` when too many wait. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside < this.places) this.inside++;
    else await this.turn();
    try {
      return await work();
    } finally {
      // The place is handed over, not freed, so that nobody slips in before those who wait.
      const next = this.waiting.shift();
      if (next) next();
      else this.inside--;
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= this.maxWaiting) throw new AppError('unavailable', 'The server is busy, try later');
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
