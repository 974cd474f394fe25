import { singleLine, truncate, truncateBytes, unescapePercent } from './text';

describe('truncate', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['a😀b', 3, 'a…'],
    ['', 3, ''],
  ])('cuts %j to %d characters', (text, max, expected) => {
    expect(truncate(text, max)).toBe(expected);
  });
});

describe('truncateBytes', () => {
  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdefg', 6, 'abc…'],
    ['üüüü', 7, 'üü…'],
    ['a😀😀', 8, 'a😀…'],
    ['a😀😀', 7, 'a…'],
  ])('cuts %j to %d bytes', (text, max, expected) => {
    expect(truncateBytes(text, max)).toBe(expected);
    expect(Buffer.byteLength(expected)).toBeLessThanOrEqual(max);
  });
});

describe('singleLine', () => {
  it('replaces every run of control characters by a blank', () => {
    expect(singleLine('a\r\n\tb\0c\u0085d')).toBe('a b c d');
  });
});

describe('unescapePercent', () => {
  it.each([
    ['a%40b', 'a@b'],
    ['100%', '100%'],
  ])('reads %s as %s', (text, expected) => {
    expect(unescapePercent(text)).toBe(expected);
  });
});
