import { parseDateTime, parseTimeOfDay } from './wall-time';

describe('parseDateTime', () => {
  it.each(['2026-02-01T00:00', '2024-02-29T23:59', '0099-12-31T12:00'])('reads %s', (text) => {
    expect(new Date(parseDateTime(text)!).toISOString().slice(0, 16)).toBe(text);
  });

  it.each(['', '2026-02-01', '2026-02-01T00:00:00', '2026-02-01 00:00', '2026-02-01T9:05', '2026-02-01T00:00Z'])(
    'refuses the form of %j',
    (text) => expect(parseDateTime(text)).toBeNull(),
  );

  it.each(['2026-02-30T00:00', '2025-02-29T00:00', '2026-13-01T00:00', '2026-02-01T24:00', '2026-02-01T12:60'])(
    'refuses %s, which is in no calendar',
    (text) => expect(parseDateTime(text)).toBeNull(),
  );
});

describe('parseTimeOfDay', () => {
  it.each([
    ['0:00', 0],
    ['9:05', 545],
    ['09:05', 545],
    ['23:59', 1439],
  ])('reads %s', (text, minutes) => expect(parseTimeOfDay(text)).toBe(minutes));

  it.each(['', '24:00', '12:60', '12:5', '3 pm', '12', '12:00:00', ' 9:00'])('refuses %j', (text) => {
    expect(parseTimeOfDay(text)).toBeNull();
  });
});
