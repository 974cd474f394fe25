import type { Status } from './status';
import { statusNumber, statusOf } from './status';

describe('a status', () => {
  it.each<[Status, number]>([
    ['down', 0],
    ['up', 1],
    ['pending', 2],
    ['maintenance', 3],
  ])('%s is %i on the wire and in storage', (status, number) => {
    expect(statusNumber(status)).toBe(number);
    expect(statusOf(number)).toBe(status);
  });

  it.each([-1, 4, 1.5, NaN])('is not %d', (number) => {
    expect(() => statusOf(number)).toThrow(RangeError);
  });
});
