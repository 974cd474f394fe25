import fc from 'fast-check';
import { DAY, HOUR, MINUTE } from '../clock';
import type { Period } from './series';
import { PERIOD_MS, bucketStart, planWindow, tally, uptimePercent } from './series';
import type { Status } from './status';

const at = (text: string) => Date.parse(text);

describe('bucketStart', () => {
  it.each<[string, Period, string]>([
    ['2026-11-24T12:34:56.789Z', 'minute', '2026-11-24T12:34:00.000Z'],
    ['2026-11-24T12:34:56.789Z', 'hour', '2026-11-24T12:00:00.000Z'],
    ['2026-11-24T12:34:56.789Z', 'day', '2026-11-24T00:00:00.000Z'],
    ['2026-11-24T00:00:00.000Z', 'day', '2026-11-24T00:00:00.000Z'],
    ['2026-11-23T23:59:59.999Z', 'day', '2026-11-23T00:00:00.000Z'],
    ['2026-11-24T12:59:59.999Z', 'hour', '2026-11-24T12:00:00.000Z'],
  ])('puts %s into the %s of %s, in UTC', (time, period, start) => {
    expect(bucketStart(at(time), period)).toBe(at(start));
  });
});

describe('tally', () => {
  it.each<[Status, ReturnType<typeof tally>]>([
    ['up', { up: 1, down: 0, maintenance: 0 }],
    ['down', { up: 0, down: 1, maintenance: 0 }],
    ['pending', { up: 0, down: 1, maintenance: 0 }],
    ['maintenance', { up: 0, down: 0, maintenance: 1 }],
  ])('counts a beat that is %s once', (status, expected) => {
    expect(tally(status)).toEqual(expected);
  });
});

describe('uptimePercent', () => {
  it.each([
    [3, 1, 75],
    [1, 0, 100],
    [0, 1, 0],
    [2, 1, (2 / 3) * 100],
  ])('of %i up and %i down beats is %d', (up, down, expected) => {
    expect(uptimePercent({ up, down })).toBe(expected);
  });

  it('is unknown when no beat counts', () => {
    expect(uptimePercent({ up: 0, down: 0 })).toBeNull();
  });
});

describe('planWindow', () => {
  it.each<[string, number, string, { edge: [Period, string, string]; body: [Period, string, string] }]>([
    [
      'the last 24 hours',
      DAY,
      '2026-11-24T12:34:56.789Z',
      {
        edge: ['minute', '2026-11-23T12:35:00.000Z', '2026-11-23T13:00:00.000Z'],
        body: ['hour', '2026-11-23T13:00:00.000Z', '2026-11-24T12:34:56.790Z'],
      },
    ],
    [
      'the last 24 hours, on the hour',
      DAY,
      '2026-11-24T12:00:00.000Z',
      {
        edge: ['minute', '2026-11-23T12:00:00.000Z', '2026-11-23T12:00:00.000Z'],
        body: ['hour', '2026-11-23T12:00:00.000Z', '2026-11-24T12:00:00.001Z'],
      },
    ],
    [
      'the last 7 days',
      7 * DAY,
      '2026-11-24T12:34:56.789Z',
      {
        edge: ['hour', '2026-11-17T13:00:00.000Z', '2026-11-18T00:00:00.000Z'],
        body: ['day', '2026-11-18T00:00:00.000Z', '2026-11-24T12:34:56.790Z'],
      },
    ],
    [
      'the last 365 days, at midnight',
      365 * DAY,
      '2026-11-24T00:00:00.000Z',
      {
        edge: ['hour', '2025-11-24T00:00:00.000Z', '2025-11-24T00:00:00.000Z'],
        body: ['day', '2025-11-24T00:00:00.000Z', '2026-11-24T00:00:00.001Z'],
      },
    ],
  ])('counts %s in whole buckets and a finer edge', (_, windowMs, now, expected) => {
    const { edge, body } = planWindow(at(now), windowMs);

    expect({ edge: spoken(edge), body: spoken(body) }).toEqual(expected);
  });

  it('counts every moment of the window once, except for the bucket that the old end cuts', () => {
    const window = fc.record({
      now: fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') }),
      windowMs: fc.integer({ min: 1, max: 400 * DAY }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(window, ({ now, windowMs, share }) => {
        const { edge, body } = planWindow(now, windowMs);
        const time = now - Math.floor(windowMs * share);
        const times = [edge, body].filter(({ period, from, to }) => {
          const start = bucketStart(time, period);
          return start >= from && start < to;
        }).length;
        const cut = PERIOD_MS[edge.period];
        expect(cut).toBe(windowMs <= 2 * DAY ? MINUTE : HOUR);
        expect(times).toBe(bucketStart(time, edge.period) >= now - windowMs ? 1 : 0);
      }),
    );
  });

  it('counts nothing that is older than the window', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 * DAY }), fc.integer({ min: 1, max: 2 * DAY }), (windowMs, older) => {
        const now = at('2026-11-24T12:34:56.789Z');
        const { edge, body } = planWindow(now, windowMs);
        const time = now - windowMs - older;
        for (const { period, from, to } of [edge, body]) {
          const start = bucketStart(time, period);
          expect(start >= from && start < to).toBe(false);
        }
      }),
    );
  });
});

function spoken({ period, from, to }: { period: Period; from: number; to: number }): [Period, string, string] {
  return [period, new Date(from).toISOString(), new Date(to).toISOString()];
}
