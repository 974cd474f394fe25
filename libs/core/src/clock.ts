/** The time of day, so that tests can move it. */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract now(): number;
}

export class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const PAIRS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));
let currentDay = NaN;
let dayPrefix = '';

/** RFC 3339 in UTC with milliseconds, as `Date.toISOString()`, at a quarter of its cost for times of one day. */
export function isoTime(ms: number): string {
  const day = Math.floor(ms / DAY);
  if (day !== currentDay) {
    dayPrefix = new Date(day * DAY).toISOString().slice(0, 11);
    currentDay = day;
  }
  const rest = ms - day * DAY;
  const hour = Math.floor(rest / HOUR);
  const minute = Math.floor((rest % HOUR) / MINUTE);
  const second = Math.floor((rest % MINUTE) / SECOND);
  const milli = rest % SECOND;
  const zeros = milli < 10 ? '00' : milli < 100 ? '0' : '';
  return `${dayPrefix}${PAIRS[hour]}:${PAIRS[minute]}:${PAIRS[second]}.${zeros}${milli}Z`;
}
