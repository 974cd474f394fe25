export interface RateWindow {
  /** Hits in the current window, this one included. */
  hits: number;
  /** Milliseconds until the window ends. */
  resetMs: number;
}

/** Counts in fixed windows that start with the first hit. */
export abstract class RateCounter {
  abstract hit(key: string, windowMs: number): Promise<RateWindow>;
}
