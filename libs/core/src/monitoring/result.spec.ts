import fc from 'fast-check';
import { MESSAGE_MAX, cutMessage } from './result';

const SMILE = '😀'; // two UTF-16 units, one character

describe('cutMessage', () => {
  it.each([
    ['keeps a short text', 'OK', 'OK'],
    ['keeps an empty text', '', ''],
    ['keeps exactly the maximum', 'x'.repeat(1000), 'x'.repeat(1000)],
    ['cuts one character more', 'x'.repeat(1001), 'x'.repeat(1000)],
    ['counts characters, not UTF-16 units', SMILE.repeat(1000), SMILE.repeat(1000)],
    ['never cuts through a character', `x${SMILE.repeat(1200)}`, `x${SMILE.repeat(999)}`],
    ['drops NUL, which some engines refuse', 'a\0b\0', 'ab'],
    ['replaces half a character', 'a\ud83d', 'a\ufffd'],
  ])('%s', (_, text, expected) => {
    expect(cutMessage(text)).toBe(expected);
  });

  it('always gives a well-formed beginning of at most the maximum', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', SMILE, '日'), minLength: 0, maxLength: 1500 });
    fc.assert(
      fc.property(text, (input) => {
        const cut = cutMessage(input);
        expect(input.startsWith(cut)).toBe(true);
        expect(Array.from(cut)).toHaveLength(Math.min(Array.from(input).length, MESSAGE_MAX));
      }),
      { numRuns: 50 },
    );
  });
});
