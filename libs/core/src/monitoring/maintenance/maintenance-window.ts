import { DAY, MINUTE } from '../../clock';
import { parseCron } from './cron';
import { dateOf, dayAt, dayOf, latestOccurrence, weekdayOf } from './recurrence';
import type { Recurrence } from './recurrence';
import { instantOf, isTimeZone } from './time-zone';
import { parseDateTime, parseTimeOfDay } from './wall-time';

/** Stands for the time zone of the server. */
export const SERVER_ZONE = 'SAME_AS_SERVER';

/** Among the days of a month. */
export const LAST_DAY = 0;

export type RecurringStrategy = 'recurring-interval' | 'recurring-weekday' | 'recurring-day-of-month';

/** When a maintenance is. Other strategies than the named ones are known by their `cron`, if they have one. */
export interface MaintenanceRule {
  /** `manual`, `single`, one of {@link RecurringStrategy}, `cron` or anything else. */
  strategy: string;
  /** IANA name or {@link SERVER_ZONE}; null or empty = UTC. */
  timezone: string | null;
  /** `2026-02-01T09:30`, wall time; null = without end in that direction. */
  startDateTime: string | null;
  endDateTime: string | null;
  /** `9:30` or `09:30`, wall time. */
  startTime: string | null;
  endTime: string | null;
  /** 0 = Sunday. */
  weekdays: readonly number[];
  /** 1 to 31; {@link LAST_DAY} or -1 = the last one. */
  daysOfMonth: readonly number[];
  intervalDay: number | null;
  cron: string | null;
  /** Minutes. */
  duration: number | null;
  /** Counts intervals when there is no start. Epoch ms. */
  createdAt: number;
}

export interface WindowState {
  isOpen: boolean;
  /** When it was open last, epoch ms; null while it is open or when it never was. */
  endedAt: number | null;
}

/** Half open. Epoch ms. */
interface Span {
  from: number;
  to: number;
}

/** A rule made ready. Asking costs microseconds; windows begin and end at whole minutes. */
export interface MaintenanceWindow {
  stateAt(instant: number): WindowState;
}

const ALWAYS: Span = { from: -Infinity, to: Infinity };

/** @throws RangeError for a rule that cannot be followed: an unknown zone, a malformed expression or time. */
export function compileWindow(rule: MaintenanceRule, serverZone: string): MaintenanceWindow {
  const zone = zoneOf(rule, serverZone);
  const latest = latestSpan(rule, zone);
  const period = rule.strategy === 'manual' ? ALWAYS : periodOf(rule, zone);
  return {
    stateAt(instant) {
      // Once the period is over, what counts is what was open last inside it.
      const span = instant < period.from ? null : latest(Math.min(instant, period.to - 1));
      if (!span) return { isOpen: false, endedAt: null };
      const end = Math.min(span.to, period.to);
      const isOpen = instant < end;
      return { isOpen, endedAt: isOpen || end <= period.from ? null : end };
    },
  };
}

/** What the wire shows as `cron` of a recurring maintenance; nothing follows it. Null = not enough is known. */
export function cronOf(rule: MaintenanceRule): string | null {
  const start = rule.startTime === null ? null : parseTimeOfDay(rule.startTime);
  if (start === null) return null;
  const time = `${start % 60} ${Math.floor(start / 60)}`;
  switch (rule.strategy) {
    case 'recurring-interval':
      return `${time} * * *`;
    case 'recurring-weekday':
      return `${time} * * ${rule.weekdays.join(',')}`;
    case 'recurring-day-of-month':
      return `${time} ${rule.daysOfMonth.join(',')} * *`;
    default:
      return null;
  }
}

/** Minutes from one time of day to another; from 23:00 to 01:00 are 120. Null when one is none, or they are equal. */
export function minutesBetween(start: string, end: string): number | null {
  const [from, to] = [parseTimeOfDay(start), parseTimeOfDay(end)];
  if (from === null || to === null || from === to) return null;
  return (to - from + 24 * 60) % (24 * 60);
}

function zoneOf({ timezone }: MaintenanceRule, serverZone: string): string {
  if (!timezone) return 'UTC';
  const zone = timezone === SERVER_ZONE ? serverZone : timezone;
  if (!isTimeZone(zone)) throw new RangeError(`${zone} is no time zone`);
  return zone;
}

function periodOf({ startDateTime, endDateTime }: MaintenanceRule, zone: string): Span {
  return {
    from: startDateTime ? instantOf(zone, wallOf(startDateTime)) : -Infinity,
    to: endDateTime ? instantOf(zone, wallOf(endDateTime)) : Infinity,
  };
}

/** @returns the span that began last at or before an instant, or null. */
function latestSpan(rule: MaintenanceRule, zone: string): (instant: number) => Span | null {
  switch (rule.strategy) {
    case 'manual':
      return () => ALWAYS;
    case 'single':
      return () => (rule.startDateTime || rule.endDateTime ? ALWAYS : null);
    case 'recurring-interval':
      return everySoManyDays(rule, zone);
    default: {
      const recurrence = recurrenceOf(rule);
      const lengthMs = lengthOf(rule) * MINUTE;
      if (!recurrence || lengthMs <= 0) return () => null;
      const ownZone = recurrence.zone ?? zone;
      return (instant) => {
        const from = latestOccurrence(recurrence, ownZone, instant);
        return from === null ? null : { from, to: from + lengthMs };
      };
    }
  }
}

function recurrenceOf(rule: MaintenanceRule): (Recurrence & { zone?: string }) | null {
  const start = rule.startTime ? timeOf(rule.startTime) : null;
  const { strategy, cron } = rule;
  if (strategy === 'recurring-weekday' && rule.weekdays.length > 0 && start !== null) {
    const days = new Set(rule.weekdays);
    return { isOn: (day) => days.has(weekdayOf(day)), minutes: [start], hourly: false };
  }
  if (strategy === 'recurring-day-of-month' && rule.daysOfMonth.length > 0 && start !== null) {
    const days = new Set(rule.daysOfMonth);
    const withLast = days.has(LAST_DAY) || days.has(-1);
    const isOn = (date: ReturnType<typeof dateOf>) => days.has(date.day) || (withLast && date.isLastOfMonth);
    return { isOn: (day) => isOn(dateOf(day)), minutes: [start], hourly: false };
  }
  return cron ? parseCron(cron) : null;
}

/** Minutes; 0 when unknown. They pass, whatever the clocks show meanwhile. */
function lengthOf({ duration, startTime, endTime }: MaintenanceRule): number {
  if (duration !== null) return duration;
  return (startTime && endTime && minutesBetween(startTime, endTime)) || 0;
}

/** From one time of day to another, every n-th day of the zone's calendar; it belongs to the day on which it starts. */
function everySoManyDays(rule: MaintenanceRule, zone: string): (instant: number) => Span | null {
  const { startTime, endTime, intervalDay, startDateTime, createdAt } = rule;
  if (!startTime || !endTime || intervalDay === null || intervalDay < 1) return () => null;
  const [start, end] = [timeOf(startTime), timeOf(endTime)];
  const anchor = startDateTime ? dayOf(wallOf(startDateTime)) : dayAt(zone, createdAt);
  const spanOn = (day: number): Span => {
    const midnight = day * DAY;
    const from = instantOf(zone, midnight + start * MINUTE);
    const to = instantOf(zone, midnight + (end < start ? DAY : 0) + end * MINUTE);
    // Both ends may lie in hours that the clocks leave out: it is as long as on other days, then.
    return { from, to: to > from ? to : from + ((end - start + 24 * 60) % (24 * 60)) * MINUTE };
  };
  return (instant) => {
    const passed = dayAt(zone, instant) + 1 - anchor;
    for (let day = passed - (passed % intervalDay); day >= 0; day -= intervalDay) {
      const span = spanOn(anchor + day);
      if (span.from <= instant) return span;
    }
    return null;
  };
}

function wallOf(text: string): number {
  const wall = parseDateTime(text);
  if (wall === null) throw new RangeError(`${text} is no date and time`);
  return wall;
}

function timeOf(text: string): number {
  const time = parseTimeOfDay(text);
  if (time === null) throw new RangeError(`${text} is no time of day`);
  return time;
}
