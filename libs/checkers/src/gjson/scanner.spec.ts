import fc from 'fast-check';
import { endOfValue, isJson, MAX_DEPTH } from './scanner';

describe('isJson', () => {
  it('agrees with JSON.parse on JSON', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), (text) => isJson(text)));
  });

  it('agrees with JSON.parse on what is almost JSON', () => {
    const almost = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '{', '}', '[', ']', ',', ':', '"', '\\', '0', '-', 'e', '\n', '\u0001', 'x'),
      )
      .map(([text, at, piece]) => {
        const index = at % (text.length + 1);
        return text.slice(0, index) + piece + text.slice(index + 1);
      });

    fc.assert(
      fc.property(almost, (text) => isJson(text) === parses(text)),
      { numRuns: 2000 },
    );
  });

  it.each([
    '',
    ' ',
    '01',
    '+1',
    '.5',
    '1.',
    '1e',
    'tru',
    'nulls',
    '"\\x"',
    '"\\u12"',
    '"a',
    "'a'",
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    '1 2',
    '\u00a01',
  ])('refuses %j', (text) => expect(isJson(text)).toBe(false));

  it('stops at its depth, without recursion', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

    expect(isJson(nested(MAX_DEPTH))).toBe(true);
    expect(isJson(nested(MAX_DEPTH + 2))).toBe(false);
    expect(isJson('['.repeat(1_000_000))).toBe(false);
  });
});

describe('endOfValue', () => {
  it.each([
    ['{"a":[1,{"b":"}"}]} trailing', 19],
    [' 12.5e3,', 7],
    ['"a\\"b" x', 6],
    ['null{', 4],
  ])('of %j is %i', (text, end) => expect(endOfValue(text, 0)).toBe(end));
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
