import { SECOND } from '@app/core';
import { afterFailure, lockedFor } from './attempt-window';
import type { AttemptState } from './attempt-window';

const START = Date.UTC(2026, 10, 24, 12);
const limits = { maxFailures: 3, windowMs: 30 * SECOND, lockoutMs: 5 * SECOND };
const at = (seconds: number) => new Date(START + seconds * SECOND);
const state = (failures: number, first = 0, lockedUntil: number | null = null): AttemptState => ({
  failures,
  firstFailedAt: at(first),
  lockedUntil: lockedUntil === null ? null : at(lockedUntil),
});

describe('afterFailure', () => {
  it.each([
    { what: 'the first', before: null, now: 0, after: state(1, 0) },
    { what: 'the second', before: state(1), now: 10, after: state(2) },
    { what: 'the one that reaches the limit', before: state(2), now: 20, after: state(3, 0, 25) },
    { what: 'one after the lock, in the window', before: state(3, 0, 25), now: 25, after: state(4, 0, 30) },
    { what: 'one at the end of the window', before: state(1), now: 30, after: state(2) },
    { what: 'one after the window', before: state(2), now: 30.001, after: state(1, 30.001) },
    { what: 'one after window and lock', before: state(3, 0, 25), now: 31, after: state(1, 31) },
  ])('counts $what', ({ before, now, after }) => {
    expect(afterFailure(before, START + now * SECOND, limits)).toEqual(after);
  });

  it('locks with the first when one is the limit', () => {
    expect(afterFailure(null, START, { ...limits, maxFailures: 1 })).toEqual(state(1, 0, 5));
  });
});

describe('lockedFor', () => {
  it.each([
    { before: null, now: 0, ms: 0 },
    { before: state(2), now: 0, ms: 0 },
    { before: state(3, 0, 25), now: 20.5, ms: 4500 },
    { before: state(3, 0, 25), now: 25, ms: 0 },
    { before: state(3, 0, 25), now: 40, ms: 0 },
  ])('is $ms ms of $before at $now s', ({ before, now, ms }) => {
    expect(lockedFor(before, START + now * SECOND)).toBe(ms);
  });
});
