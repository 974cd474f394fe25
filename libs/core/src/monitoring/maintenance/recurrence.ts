import { DAY, MINUTE } from '../../clock';
import { instantOf, instantsOf, offsetAt } from './time-zone';

/** A day of the calendar, whatever the zone: days since 1970-01-01. */
export type CalendarDay = number;

/** Times of day on some days of the calendar. */
export interface Recurrence {
  isOn(day: CalendarDay): boolean;
  /** After midnight, ascending. */
  minutes: readonly number[];
  /** In every hour: then hours that come twice count twice, and those that are left out are left out. */
  hourly: boolean;
}

/** Days that are looked at: two 29 Februaries are at most eight years apart. */
const FARTHEST = 8 * 366;

/** 0 = Sunday. */
export function weekdayOf(day: CalendarDay): number {
  return (((day + 4) % 7) + 7) % 7;
}

export function dateOf(day: CalendarDay): { month: number; day: number; isLastOfMonth: boolean } {
  const date = new Date(day * DAY);
  const isLastOfMonth = new Date((day + 1) * DAY).getUTCDate() === 1;
  return { month: date.getUTCMonth() + 1, day: date.getUTCDate(), isLastOfMonth };
}

/** The day that a wall time belongs to. */
export function dayOf(wall: number): CalendarDay {
  return Math.floor(wall / DAY);
}

/** The day that the calendars of the zone show at an instant. */
export function dayAt(zone: string, instant: number): CalendarDay {
  return dayOf(instant + offsetAt(zone, instant));
}

/** The latest occurrence up to `now`; null when there never was one. */
export function latestOccurrence(recurrence: Recurrence, zone: string, now: number): number | null {
  // From tomorrow on: where clocks are put back over midnight, its first minutes are over before today is.
  const first = dayAt(zone, now) + 1;
  for (let day = first; day > first - FARTHEST; day--) {
    const occurrence = recurrence.isOn(day) ? latestOn(day, recurrence, zone, now) : null;
    if (occurrence !== null) return occurrence;
  }
  return null;
}

function latestOn(day: CalendarDay, { minutes, hourly }: Recurrence, zone: string, now: number): number | null {
  const midnight = day * DAY;
  const before = offsetAt(zone, midnight - DAY);
  const after = offsetAt(zone, midnight + 2 * DAY);
  if (before === after) {
    const latest = minutes.findLast((minute) => midnight + minute * MINUTE - before <= now);
    return latest === undefined ? null : midnight + latest * MINUTE - before;
  }
  // Near a change of the clocks: earlier times of day may come later, by no more than the change.
  const jump = Math.abs(after - before);
  let latest: number | null = null;
  let reach = -Infinity;
  for (let i = minutes.length - 1; i >= 0; i--) {
    const wall = midnight + minutes[i]! * MINUTE;
    if (wall < reach) break;
    if (wall - Math.max(before, after) > now) continue;
    for (const instant of hourly ? instantsOf(zone, wall) : [instantOf(zone, wall)]) {
      if (instant > now) continue;
      latest = Math.max(latest ?? -Infinity, instant);
      reach = Math.max(reach, wall - jump);
    }
  }
  return latest;
}
