import { HOUR, MINUTE } from '../../clock';
import { instantOf, instantsOf, isTimeZone, offsetAt } from './time-zone';

const wall = (text: string) => Date.parse(`${text}Z`);
const utc = (instants: readonly number[]) => instants.map((instant) => new Date(instant).toISOString().slice(0, 16));

describe('isTimeZone', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+3', 'EST5EDT', 'America/Port-au-Prince'])(
    'knows %s',
    (name) => expect(isTimeZone(name)).toBe(true),
  );

  it.each(['', 'Mars/Base', 'Berlin', '+01:00', 'Europe/Berlin ', '../etc', 'Europe/'])('does not know %j', (name) =>
    expect(isTimeZone(name)).toBe(false),
  );
});

describe('offsetAt', () => {
  it.each([
    ['UTC', '2026-07-01T00:00', 0],
    ['Etc/UTC', '2026-07-01T00:00', 0],
    ['Europe/Berlin', '2026-01-01T00:00', 60],
    ['Europe/Berlin', '2026-07-01T00:00', 120],
    ['America/New_York', '2026-01-01T00:00', -300],
    ['Asia/Kathmandu', '2026-01-01T00:00', 345],
    ['Pacific/Marquesas', '2026-01-01T00:00', -570],
    ['Pacific/Kiritimati', '2026-01-01T00:00', 840],
  ])('%s at %s is %d minutes ahead', (zone, instant, minutes) => {
    expect(offsetAt(zone, wall(instant))).toBe(minutes * MINUTE);
  });

  it('changes at the very minute', () => {
    const change = wall('2026-03-29T01:00');

    expect(offsetAt('Europe/Berlin', change - 1)).toBe(HOUR);
    expect(offsetAt('Europe/Berlin', change)).toBe(2 * HOUR);
  });
});

describe('instantsOf and instantOf', () => {
  it.each([
    ['an ordinary time', 'Europe/Berlin', '2026-06-01T12:00', ['2026-06-01T10:00'], '2026-06-01T10:00'],
    ['the last minute before the gap', 'Europe/Berlin', '2026-03-29T01:59', ['2026-03-29T00:59'], '2026-03-29T00:59'],
    ['the first minute of the gap', 'Europe/Berlin', '2026-03-29T02:00', [], '2026-03-29T01:00'],
    ['the last minute of the gap', 'Europe/Berlin', '2026-03-29T02:59', [], '2026-03-29T01:00'],
    ['the first minute after the gap', 'Europe/Berlin', '2026-03-29T03:00', ['2026-03-29T01:00'], '2026-03-29T01:00'],
    ['the gap in New York', 'America/New_York', '2026-03-08T02:30', [], '2026-03-08T07:00'],
    ['before the overlap', 'Europe/Berlin', '2026-10-25T01:59', ['2026-10-24T23:59'], '2026-10-24T23:59'],
    [
      'in the overlap',
      'Europe/Berlin',
      '2026-10-25T02:30',
      ['2026-10-25T00:30', '2026-10-25T01:30'],
      '2026-10-25T00:30',
    ],
    ['after the overlap', 'Europe/Berlin', '2026-10-25T03:00', ['2026-10-25T02:00'], '2026-10-25T02:00'],
    [
      'the overlap in New York',
      'America/New_York',
      '2026-11-01T01:30',
      ['2026-11-01T05:30', '2026-11-01T06:30'],
      '2026-11-01T05:30',
    ],
    ['a gap of half an hour', 'Australia/Lord_Howe', '2026-10-04T02:10', [], '2026-10-03T15:30'],
    [
      'an overlap of half an hour',
      'Australia/Lord_Howe',
      '2026-04-05T01:45',
      ['2026-04-04T14:45', '2026-04-04T15:15'],
      '2026-04-04T14:45',
    ],
    ['a gap at midnight', 'America/Santiago', '2026-09-06T00:30', [], '2026-09-06T04:00'],
    ['a day that was left out', 'Pacific/Apia', '2011-12-30T12:00', [], '2011-12-30T10:00'],
  ])('%s (%s %s)', (_, zone, time, all, one) => {
    expect(utc(instantsOf(zone, wall(time)))).toEqual(all);
    expect(utc([instantOf(zone, wall(time))])).toEqual([one]);
  });
});
