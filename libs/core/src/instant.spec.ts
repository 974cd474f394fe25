import { parseInstant } from './instant';

describe('parseInstant', () => {
  it.each([
    ['2030-01-01T08:00:00Z', Date.UTC(2030, 0, 1, 8)],
    ['2030-01-01T10:00:00.123456789+02:00', Date.UTC(2030, 0, 1, 8, 0, 0, 123)],
    ['2028-02-29T00:00:00Z', Date.UTC(2028, 1, 29)],
    ['2030-02-29T00:00:00Z', null],
    ['2030-01-01T24:00:00Z', null],
    ['2030-01-01T00:60:00Z', null],
    ['2030-01-01T00:00:00', null],
    ['2030-01-01', null],
    ['2030-01-01 00:00:00Z', null],
    ['soon', null],
    ['', null],
  ])('takes %j as %j', (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });
});
