import * as fc from 'fast-check';
import { DAY, MINUTE } from '../../clock';
import { parseCron } from './cron';
import { latestOccurrence } from './recurrence';

const utc = (text: string) => Date.parse(`${text}Z`);

/** The last time up to `now` at which the expression fires. */
function latest(expression: string, now: string, zone = 'UTC'): string | null {
  const found = latestOccurrence(parseCron(expression), zone, utc(now));
  return found === null ? null : new Date(found).toISOString().slice(0, 16);
}

describe('parseCron', () => {
  it.each([
    // 2026-11-24 is a Tuesday.
    ['* * * * *', '2026-11-24T12:00', '2026-11-24T12:00'],
    ['30 2 * * *', '2026-11-24T02:29', '2026-11-23T02:30'],
    ['30 2 * * *', '2026-11-24T02:30', '2026-11-24T02:30'],
    ['*/15 9-17 * * *', '2026-11-24T12:44', '2026-11-24T12:30'],
    ['*/15 9-17 * * *', '2026-11-24T08:59', '2026-11-23T17:45'],
    ['5/20 0 * * *', '2026-11-24T12:00', '2026-11-24T00:45'],
    ['10-30/10 0 * * *', '2026-11-24T00:29', '2026-11-24T00:20'],
    ['0 14 * * 1,3,5', '2026-11-24T15:00', '2026-11-23T14:00'],
    ['0 14 * * mon,Wed,FRI', '2026-11-24T15:00', '2026-11-23T14:00'],
    ['0 0 1 JAN *', '2026-11-24T15:00', '2026-01-01T00:00'],
    ['0 0 1 1-6/2 ?', '2026-11-24T15:00', '2026-05-01T00:00'],
    ['0 9 31 * *', '2026-11-24T15:00', '2026-10-31T09:00'],
    ['  0   9  1  *  *  ', '2026-11-24T15:00', '2026-11-01T09:00'],
    ['0 0 29 2 *', '2026-11-24T15:00', '2024-02-29T00:00'],
    ['0 0 29 2 *', '2103-11-24T15:00', '2096-02-29T00:00'],
    ['0 0 31 2 *', '2026-11-24T15:00', null],
  ])('%s fired at or before %s: %s', (expression, now, expected) => {
    expect(latest(expression, now)).toBe(expected);
  });

  it.each([
    ['both days restricted: either', '0 0 13 * 5', '2026-11-24T00:00', '2026-11-20T00:00'],
    ['a step of two restricts', '0 0 */2 * 5', '2026-11-24T00:00', '2026-11-23T00:00'],
    ['a star restricts nothing', '0 0 * * 5', '2026-11-24T00:00', '2026-11-20T00:00'],
    ['nor does a step of one', '0 0 */1 * 5', '2026-11-24T00:00', '2026-11-20T00:00'],
    ['nor a question mark', '0 0 13 * ?', '2026-11-24T00:00', '2026-11-13T00:00'],
  ])('%s (%s)', (_, expression, now, expected) => {
    expect(latest(expression, now)).toBe(expected);
  });

  it.each(['CRON_TZ=Europe/Berlin 0 12 * * *', 'TZ=Europe/Berlin 0 12 * * *'])('%s has a zone of its own', (text) => {
    expect(parseCron(text)).toMatchObject({ zone: 'Europe/Berlin', minutes: [720] });
  });

  it.each([
    ['', 'it must have five fields'],
    ['hello', 'it must have five fields'],
    ['@daily', 'it must have five fields'],
    ['0 0 0 * * *', 'it must have five fields'],
    ['TZ=Mars/Base 0 0 * * *', 'Mars/Base is no time zone'],
    ['60 * * * *', '"60" is no minute'],
    ['-1 * * * *', '"-1" is no minute'],
    ['* 24 * * *', '"24" is no hour'],
    ['* * 0 * *', '"0" is no day of month'],
    ['* * L * *', '"L" is no day of month'],
    ['* * 15W * *', '"15W" is no day of month'],
    ['* * * 13 *', '"13" is no month'],
    ['* * * MAY-JAN *', '"MAY-JAN" is no month'],
    ['* * * * 7', '"7" is no day of week'],
    ['* * * * 6-1', '"6-1" is no day of week'],
    ['* * * * 1#2', '"1#2" is no day of week'],
    ['*/0 * * * *', '"*/0" is no minute'],
    ['*-5 * * * *', '"*-5" is no minute'],
    ['1,,2 * * * *', '"" is no minute'],
    ['1/2/3 * * * *', '"1/2/3" is no minute'],
    ['1- * * * *', '"1-" is no minute'],
  ])('refuses %j: %s', (text, message) => {
    expect(() => parseCron(text)).toThrow(new RangeError(message));
  });

  it.each([
    ['a fixed time in the gap is put off to its end', '30 2 * * *', '2026-03-29T01:00', '2026-03-29T01:00'],
    ['and has not come before', '30 2 * * *', '2026-03-29T00:59', '2026-03-28T01:30'],
    ['a fixed time in the overlap comes once', '30 2 * * *', '2026-10-25T02:00', '2026-10-25T00:30'],
    ['what comes every hour is left out in the gap', '30 * * * *', '2026-03-29T01:29', '2026-03-29T00:30'],
    ['and comes twice in the overlap', '30 * * * *', '2026-10-25T01:30', '2026-10-25T01:30'],
    ['between the two of the overlap', '10,50 * * * *', '2026-10-25T01:15', '2026-10-25T01:10'],
    ['before the second of the overlap', '10,50 * * * *', '2026-10-25T01:05', '2026-10-25T00:50'],
  ])('%s (%s at %s UTC in Berlin)', (_, expression, now, expected) => {
    expect(latest(expression, now, 'Europe/Berlin')).toBe(expected);
  });

  it('finds what going back minute by minute finds', () => {
    const field = (min: number, max: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min, max }).map(String),
        fc.integer({ min: 2, max: max - min }).map((step) => `*/${step}`),
        fc
          .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      );
    const expressions = fc.tuple(field(0, 59), field(0, 23), field(1, 31), fc.constant('*'), field(0, 6));
    const start = utc('2026-11-01T00:00');

    fc.assert(
      fc.property(expressions, fc.integer({ min: 0, max: 20_000 }), (fields, minutes) => {
        const now = start + minutes * MINUTE;
        const found = latestOccurrence(parseCron(fields.join(' ')), 'UTC', now);
        let expected: number | null = now;
        while (expected !== null && !fires(fields, expected))
          expected = expected > now - 3 * DAY ? expected - MINUTE : null;
        expect(found !== null && found > now - 3 * DAY ? found : null).toBe(expected);
      }),
    );
  });
});

/** Straight from the definition, for stars, steps of them, numbers and ranges. */
function fires([minute, hour, day, , weekday]: readonly string[], instant: number): boolean {
  const date = new Date(instant);
  const holds = (field: string, value: number, min: number) => {
    if (field === '*') return true;
    if (field.startsWith('*/')) return (value - min) % Number(field.slice(2)) === 0;
    const [from, to = from] = field.split('-').map(Number);
    return value >= from! && value <= to!;
  };
  const byDate = holds(day!, date.getUTCDate(), 1);
  const byWeekday = holds(weekday!, date.getUTCDay(), 0);
  return (
    holds(minute!, date.getUTCMinutes(), 0) &&
    holds(hour!, date.getUTCHours(), 0) &&
    (day === '*' || weekday === '*' ? byDate && byWeekday : byDate || byWeekday)
  );
}
