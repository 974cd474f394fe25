import { isTimeZone } from './time-zone';
import type { Recurrence } from './recurrence';
import { dateOf, weekdayOf } from './recurrence';

interface Range {
  name: string;
  min: number;
  max: number;
  names?: readonly string[];
}

const MINUTES: Range = { name: 'minute', min: 0, max: 59 };
const HOURS: Range = { name: 'hour', min: 0, max: 23 };
const DAYS: Range = { name: 'day of month', min: 1, max: 31 };
const MONTHS: Range = {
  name: 'month',
  min: 1,
  max: 12,
  names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
};
const WEEKDAYS: Range = {
  name: 'day of week',
  min: 0,
  max: 6,
  names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
};

interface Field {
  values: Set<number>;
  /** `*`, `?` or `*` with a step of 1: the field restricts nothing. */
  free: boolean;
}

export interface CronExpression extends Recurrence {
  /** Given in the expression by `TZ=` or `CRON_TZ=`. */
  zone?: string;
}

/**
 * Five fields: minute, hour, day of month, month, day of week. Lists, ranges, steps and English names; `?` is `*`.
 * When both days are restricted, either suffices. No seconds, no `@daily`, no `L`, `W` or `#`, and 7 is no Sunday.
 * @throws RangeError saying what is wrong
 */
export function parseCron(text: string): CronExpression {
  const [, zone, expression = ''] = /^(?:(?:CRON_)?TZ=(\S*)\s+)?(.*)$/s.exec(text.trim()) ?? [];
  if (zone !== undefined && !isTimeZone(zone)) throw new RangeError(`${zone} is no time zone`);
  const parts = expression.split(/\s+/);
  if (parts.length !== 5) throw new RangeError('it must have five fields');
  const minutes = parseField(parts[0]!, MINUTES);
  const hours = parseField(parts[1]!, HOURS);
  const days = parseField(parts[2]!, DAYS);
  const months = parseField(parts[3]!, MONTHS);
  const weekdays = parseField(parts[4]!, WEEKDAYS);
  return {
    zone,
    minutes: sorted(hours.values).flatMap((hour) => sorted(minutes.values).map((minute) => hour * 60 + minute)),
    hourly: hours.values.size === 24,
    isOn(day) {
      const date = dateOf(day);
      if (!months.values.has(date.month)) return false;
      const [byDate, byWeekday] = [days.values.has(date.day), weekdays.values.has(weekdayOf(day))];
      return days.free || weekdays.free ? byDate && byWeekday : byDate || byWeekday;
    },
  };
}

function parseField(text: string, range: Range): Field {
  const field: Field = { values: new Set(), free: false };
  for (const item of text.split(',')) {
    const [, span, last, step] = /^([^/-]+)(?:-([^/-]+))?(?:\/(\d+))?$/.exec(item) ?? [];
    if (span === undefined) throw malformed(item, range);
    const any = span === '*' || span === '?';
    if (any && last !== undefined) throw malformed(item, range);
    const from = any ? range.min : parseValue(span, range);
    const to = last !== undefined ? parseValue(last, range) : any || step !== undefined ? range.max : from;
    const by = step === undefined ? 1 : Number(step);
    if (from > to || by === 0) throw malformed(item, range);
    for (let value = from; value <= to; value += by) field.values.add(value);
    field.free ||= any && by === 1;
  }
  return field;
}

function parseValue(text: string, range: Range): number {
  const { min, max, names } = range;
  const index = names?.indexOf(text.toUpperCase()) ?? -1;
  if (index >= 0) return index + min;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) throw malformed(text, range);
  return value;
}

function malformed(text: string, { name }: Range): RangeError {
  return new RangeError(`"${text}" is no ${name}`);
}

function sorted(values: Set<number>): number[] {
  return [...values].sort((a, b) => a - b);
}
