import { formatDuration } from './duration';

describe('formatDuration', () => {
  it.each([
    [0, '0ns'],
    [0.000523, '523ns'],
    [0.5234, '523.4µs'],
    [12.345678, '12.345678ms'],
    [12, '12ms'],
    [1002, '1.002s'],
  ])('%d ms is %s', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));
});
