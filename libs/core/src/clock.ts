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

const two = (value: number) => String(value).padStart(2, '0');
/** `HH:MM:` of every minute of a day, and `.mmmZ` of every millisecond of a second. */
const MINUTES = Array.from({ length: 1440 }, (_, minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}:`);
const SECONDS = Array.from({ length: 60 }, (_, second) => two(second));
const MILLIS = Array.from({ length: 1000 }, (_, milli) => `.${String(milli).padStart(3, '0')}Z`);
let currentDay = NaN;
let dayPrefix = '';

/**
 * RFC 3339 in UTC with milliseconds, as `Date.toISOString()`, at a tenth of its cost for times of one day. Of few
 * pieces: V8 keeps what was put together as a tree, and takes it apart again when it is sent.
 */
export function isoTime(ms: number): string {
  const day = Math.floor(ms / DAY);
  if (day !== currentDay) {
    dayPrefix = new Date(day * DAY).toISOString().slice(0, 11);
    currentDay = day;
  }
  const ofDay = ms - day * DAY;
  const minute = Math.floor(ofDay / MINUTE);
  const ofMinute = ofDay - minute * MINUTE;
  const second = Math.floor(ofMinute / SECOND);
  return dayPrefix + MINUTES[minute]! + (SECONDS[second]! + MILLIS[ofMinute - second * SECOND]!);
}
