import { compileWindow, cronOf, minutesBetween } from './maintenance-window';
import type { MaintenanceRule } from './maintenance-window';

const utc = (text: string) => Date.parse(`${text}Z`);
const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString().slice(0, 16));

const rule = (values: Partial<MaintenanceRule>): MaintenanceRule => ({
  strategy: 'manual',
  timezone: null,
  startDateTime: null,
  endDateTime: null,
  startTime: null,
  endTime: null,
  weekdays: [],
  daysOfMonth: [],
  intervalDay: null,
  cron: null,
  duration: null,
  createdAt: utc('2026-01-01T12:00'),
  ...values,
});

const BERLIN = { timezone: 'Europe/Berlin' };
const single = (startDateTime: string | null, endDateTime: string | null) =>
  rule({ ...BERLIN, strategy: 'single', startDateTime, endDateTime });
const weekly = (weekdays: number[], startTime: string, endTime: string, values: Partial<MaintenanceRule> = {}) =>
  rule({ ...BERLIN, strategy: 'recurring-weekday', weekdays, startTime, endTime, ...values });
const monthly = (daysOfMonth: number[], startTime: string, endTime: string) =>
  rule({ ...BERLIN, strategy: 'recurring-day-of-month', daysOfMonth, startTime, endTime });
const every = (intervalDay: number, startTime: string, endTime: string, startDateTime: string | null) =>
  rule({ ...BERLIN, strategy: 'recurring-interval', intervalDay, startTime, endTime, startDateTime });
const cron = (expression: string, duration: number | null, values: Partial<MaintenanceRule> = {}) =>
  rule({ ...BERLIN, strategy: 'cron', cron: expression, duration, ...values });

/** Where it opens and closes between two instants, looked at every so many minutes: `from/to` in UTC. */
function windows(given: MaintenanceRule, from: string, to: string, { step = 5, serverZone = 'UTC' } = {}): string[] {
  const window = compileWindow(given, serverZone);
  const found: string[] = [];
  let openedAt: number | null = null;
  for (let minute = utc(from); minute <= utc(to); minute += step * 60_000) {
    const { isOpen, endedAt } = window.stateAt(minute);
    if (isOpen && openedAt === null) openedAt = minute;
    if (isOpen || openedAt === null) continue;
    expect(iso(endedAt)).toBe(iso(minute));
    found.push(`${iso(openedAt)}/${iso(minute)!.slice(11)}`);
    openedAt = null;
  }
  if (openedAt !== null) found.push(`${iso(openedAt)}/`);
  return found;
}

describe('a single window', () => {
  it('is from its start until its end, in its zone', () => {
    const one = single('2026-02-01T10:00', '2026-02-01T12:00');

    expect(windows(one, '2026-02-01T00:00', '2026-02-02T00:00')).toEqual(['2026-02-01T09:00/11:00']);
  });

  it.each([
    ['UTC when it has none', null, '2026-07-01T10:00'],
    ['UTC when it is empty', '', '2026-07-01T10:00'],
    ['the server’s', 'SAME_AS_SERVER', '2026-07-01T14:00'],
    ['a fixed one', 'Etc/GMT-3', '2026-07-01T07:00'],
  ])('its zone is %s', (_, timezone, start) => {
    const one = rule({ ...single('2026-07-01T10:00', '2026-07-01T10:30'), timezone });

    expect(windows(one, '2026-07-01T00:00', '2026-07-02T00:00', { serverZone: 'America/New_York' })[0]).toContain(
      start,
    );
  });

  it.each([
    ['a start in the gap is its end', single('2026-03-29T02:30', '2026-03-29T04:00'), ['2026-03-29T01:00/02:00']],
    ['an end in the gap likewise', single('2026-03-29T01:00', '2026-03-29T02:30'), ['2026-03-29T00:00/01:00']],
    ['nothing is inside the gap', single('2026-03-29T02:10', '2026-03-29T02:50'), []],
  ])('spring: %s', (_, one, expected) => {
    expect(windows(one, '2026-03-28T12:00', '2026-03-29T12:00')).toEqual(expected);
  });

  it('autumn: a time that comes twice is its first', () => {
    const one = single('2026-10-25T02:15', '2026-10-25T02:45');

    expect(windows(one, '2026-10-24T12:00', '2026-10-25T12:00')).toEqual(['2026-10-25T00:15/00:45']);
  });

  it('a missing bound is open, and without any there is no window', () => {
    expect(windows(single(null, '2026-02-01T12:00'), '2026-02-01T10:58', '2026-02-01T12:00', { step: 1 })).toEqual([
      '2026-02-01T10:58/11:00',
    ]);
    expect(windows(single('2026-02-01T12:00', null), '2026-02-01T10:58', '2026-02-01T12:00', { step: 1 })).toEqual([
      '2026-02-01T11:00/',
    ]);
    expect(windows(single(null, null), '2026-02-01T10:58', '2026-02-01T12:00', { step: 1 })).toEqual([]);
  });
});

it('opens and closes at the very minute', () => {
  const one = weekly([2], '12:07', '12:09');

  expect(windows(one, '2026-11-24T11:00', '2026-11-24T12:00', { step: 1 })).toEqual(['2026-11-24T11:07/11:09']);
});

describe('a manual window', () => {
  it('is always open, whatever else is filled in', () => {
    const dates = { startDateTime: '2020-01-01T00:00', endDateTime: '2020-01-02T00:00' };

    expect(compileWindow(rule(dates), 'UTC').stateAt(utc('2026-01-01T00:00'))).toEqual({ isOpen: true, endedAt: null });
  });
});

describe('a window on weekdays', () => {
  // 2026-11-23 is a Monday.
  it('is on those days of the zone', () => {
    expect(windows(weekly([1, 3], '0:30', '01:30'), '2026-11-21T00:00', '2026-11-28T00:00')).toEqual([
      '2026-11-22T23:30/00:30',
      '2026-11-24T23:30/00:30',
    ]);
  });

  it('goes on over midnight, and belongs to the day on which it starts', () => {
    expect(windows(weekly([0], '23:00', '01:00'), '2026-11-21T00:00', '2026-11-25T00:00')).toEqual([
      '2026-11-22T22:00/00:00',
    ]);
  });

  it('is cut by its period', () => {
    const period = { startDateTime: '2026-11-23T14:15', endDateTime: '2026-11-25T14:10' };

    expect(windows(weekly([1, 2, 3], '14:00', '14:30', period), '2026-11-20T00:00', '2026-11-30T00:00')).toEqual([
      '2026-11-23T13:15/13:30',
      '2026-11-24T13:00/13:30',
      '2026-11-25T13:00/13:10',
    ]);
  });

  it('is as long as its duration says, and not there for a duration of 0', () => {
    expect(windows(weekly([1], '14:00', '15:00', { duration: 5 }), '2026-11-23T00:00', '2026-11-24T00:00')).toEqual([
      '2026-11-23T13:00/13:05',
    ]);
    expect(windows(weekly([1], '14:00', '15:00', { duration: 0 }), '2026-11-23T00:00', '2026-11-24T00:00')).toEqual([]);
  });

  it('follows its expression when its days are not known, and its days whatever the expression says', () => {
    const stale = { cron: '0 3 * * *', duration: 10 };

    expect(windows(weekly([], '14:00', '14:10', stale), '2026-11-23T00:00', '2026-11-23T20:00')).toEqual([
      '2026-11-23T02:00/02:10',
    ]);
    expect(windows(weekly([1], '14:00', '14:10', stale), '2026-11-23T00:00', '2026-11-23T20:00')).toEqual([
      '2026-11-23T13:00/13:10',
    ]);
  });

  it('spring: one that starts in the gap starts at its end; time passes while clocks jump', () => {
    expect(windows(weekly([0], '02:30', '03:30'), '2026-03-28T00:00', '2026-03-30T00:00')).toEqual([
      '2026-03-29T01:00/02:00',
    ]);
    expect(windows(weekly([0], '01:30', '03:30'), '2026-03-28T00:00', '2026-03-30T00:00')).toEqual([
      '2026-03-29T00:30/02:30',
    ]);
  });

  it('autumn: it comes once', () => {
    expect(windows(weekly([0], '02:30', '02:45'), '2026-10-24T00:00', '2026-10-26T00:00')).toEqual([
      '2026-10-25T00:30/00:45',
    ]);
  });
});

describe('a window on days of the month', () => {
  it('leaves out what a month does not have', () => {
    expect(windows(monthly([30, 31], '09:00', '09:30'), '2026-02-01T00:00', '2026-04-05T00:00', { step: 30 })).toEqual([
      '2026-03-30T07:00/07:30',
      '2026-03-31T07:00/07:30',
    ]);
  });

  it.each([0, -1])('%d is the last day, of leap years too', (last) => {
    expect(
      windows(monthly([15, last], '09:00', '09:30'), '2028-02-01T00:00', '2028-03-01T00:00', { step: 30 }),
    ).toEqual(['2028-02-15T08:00/08:30', '2028-02-29T08:00/08:30']);
  });
});

describe('a window every so many days', () => {
  it('counts days of the calendar from the first, and not before', () => {
    expect(windows(every(3, '02:00', '04:00', '2026-06-01T10:00'), '2026-05-25T00:00', '2026-06-08T00:00')).toEqual([
      '2026-06-04T00:00/02:00',
      '2026-06-07T00:00/02:00',
    ]);
  });

  it('goes on over midnight without a wrong half', () => {
    expect(windows(every(2, '23:00', '01:00', '2026-06-01T00:00'), '2026-05-30T00:00', '2026-06-05T00:00')).toEqual([
      '2026-06-01T21:00/23:00',
      '2026-06-03T21:00/23:00',
    ]);
  });

  it('does not drift when the clocks change', () => {
    expect(windows(every(2, '12:00', '13:00', '2026-03-27T00:00'), '2026-03-27T00:00', '2026-04-01T00:00')).toEqual([
      '2026-03-27T11:00/12:00',
      '2026-03-29T10:00/11:00',
      '2026-03-31T10:00/11:00',
    ]);
  });

  it('ends when the clocks show its end', () => {
    expect(windows(every(1, '01:30', '03:30', null), '2026-03-28T12:00', '2026-03-29T12:00')).toEqual([
      '2026-03-29T00:30/01:30',
    ]);
    expect(windows(every(1, '01:30', '03:30', null), '2026-10-24T12:00', '2026-10-25T12:00')).toEqual([
      '2026-10-24T23:30/02:30',
    ]);
  });

  it('inside the gap it is after it, as long as ever', () => {
    expect(windows(every(1, '02:10', '02:50', null), '2026-03-28T12:00', '2026-03-29T12:00')).toEqual([
      '2026-03-29T01:00/01:40',
    ]);
  });

  it('counts from the day of its creation without a start', () => {
    const nightly = every(2, '20:00', '21:00', null); // made on 2026-01-01

    expect(windows(nightly, '2026-01-02T00:00', '2026-01-06T00:00')).toEqual([
      '2026-01-03T19:00/20:00',
      '2026-01-05T19:00/20:00',
    ]);
  });
});

describe('a window by an expression', () => {
  it('lasts its duration from each time, joined where they overlap', () => {
    expect(windows(cron('0 2 * * *', 45), '2026-11-23T00:00', '2026-11-24T12:00')).toEqual([
      '2026-11-23T01:00/01:45',
      '2026-11-24T01:00/01:45',
    ]);
    expect(windows(cron('*/30 8-9 * * *', 45), '2026-11-23T00:00', '2026-11-24T00:00')).toEqual([
      '2026-11-23T07:00/09:15',
    ]);
  });

  it('may last for days', () => {
    expect(windows(cron('0 0 * * 6', 2 * 24 * 60), '2026-11-16T00:00', '2026-11-27T00:00')).toEqual([
      '2026-11-20T23:00/23:00',
    ]);
  });

  it('has the zone of the expression, when that has one', () => {
    expect(windows(cron('TZ=America/New_York 0 2 * * *', 5), '2026-11-23T00:00', '2026-11-23T12:00')).toEqual([
      '2026-11-23T07:00/07:05',
    ]);
  });

  it.each([
    ['in the gap', '2026-03-28T12:00', '2026-03-29T12:00', ['2026-03-29T01:00/01:20']],
    ['in the overlap', '2026-10-24T12:00', '2026-10-25T12:00', ['2026-10-25T00:30/00:50']],
  ])('opens once for a fixed time %s', (_, from, to, expected) => {
    expect(windows(cron('30 2 * * *', 20), from, to)).toEqual(expected);
  });

  it('is what a strategy that nobody knows has, too', () => {
    expect(windows(cron('0 2 * * *', 45, { strategy: 'once' }), '2026-11-23T00:00', '2026-11-23T12:00')).toHaveLength(
      1,
    );
    expect(windows(rule({ strategy: 'recurring' }), '2026-11-23T00:00', '2026-11-23T12:00')).toEqual([]);
  });

  it.each([null, 0, -5])('is not there for a duration of %j, nor without an expression', (duration) => {
    expect(windows(cron('* * * * *', duration), '2026-11-23T00:00', '2026-11-23T00:10')).toEqual([]);
    expect(windows(rule({ strategy: 'cron', duration: 5 }), '2026-11-23T00:00', '2026-11-23T00:10')).toEqual([]);
  });
});

describe('compileWindow', () => {
  it.each([
    ['a zone', rule({ timezone: 'Mars/Base' }), 'Mars/Base is no time zone'],
    ['an expression', cron('hello', 5), 'it must have five fields'],
    ['a date', single('whenever', null), 'whenever is no date and time'],
    ['a time of day', weekly([1], '3 pm', '16:00'), '3 pm is no time of day'],
  ])('refuses %s that cannot be read', (_, broken, message) => {
    expect(() => compileWindow(broken, 'UTC')).toThrow(new RangeError(message));
  });
});

describe('cronOf', () => {
  it.each([
    [weekly([1, 3, 5], '14:30', '15:00'), '30 14 * * 1,3,5'],
    [monthly([1, 15, 31], '9:00', '09:30'), '0 9 1,15,31 * *'],
    [monthly([15, 0], '09:00', '09:30'), '0 9 15,0 * *'],
    [every(3, '02:05', '04:00', null), '5 2 * * *'],
    [weekly([1], 'x', '15:00'), null],
    [cron('0 0 * * *', 1), null],
    [rule({ startTime: '02:00' }), null],
  ])('shows %j', (given, expected) => {
    expect(cronOf(given)).toBe(expected);
  });
});

describe('minutesBetween', () => {
  it.each([
    ['14:30', '15:00', 30],
    ['23:00', '01:00', 120],
    ['0:00', '23:59', 1439],
    ['12:00', '12:00', null],
    ['', '12:00', null],
    ['12:00', 'noon', null],
  ])('from %j to %j: %j', (start, end, minutes) => {
    expect(minutesBetween(start, end)).toBe(minutes);
  });
});
