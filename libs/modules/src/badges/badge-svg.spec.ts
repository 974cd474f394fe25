import fc from 'fast-check';
import { BADGE_STYLES, badgeSvg, textWidth } from './badge-svg';
import type { BadgeStyle } from './badge-svg';

const badge = (label: string, value: string, style: BadgeStyle) =>
  badgeSvg({ label, value, style, labelColor: '#555', color: '#4c1' });
const attributes = (svg: string, pattern: RegExp) => Array.from(svg.matchAll(pattern), ([, value]) => Number(value));

describe('badgeSvg', () => {
  it.each<[string, string, number[], number[], number, number, number]>([
    ['status', 'Up', [32, 13], [46, 27, 73, 23, 59], 69, 92, 75],
    ['status', 'Down', [32, 29], [46, 43, 89, 23, 67], 85, 108, 91],
    ['uptime (24h)', '99.9%', [71, 29], [85, 43, 128, 42, 106], 124, 146, 130],
    ['ping (30d)', '45ms', [59, 29], [73, 43, 116, 36, 94], 112, 131, 118],
    ['cert exp', '83d', [46, 20], [60, 34, 94, 30, 77], 90, 109, 96],
    ['response', '128ms', [52, 35], [66, 49, 115, 33, 90], 111, 127, 117],
  ])('lays %j, %j out as clients know it', (label, value, widths, flat, plastic, forTheBadge, social) => {
    expect([textWidth(label), textWidth(value)]).toEqual(widths);
    const svg = badge(label, value, 'flat-square');
    const [total, labelWidth, valueWidth] = attributes(svg, / width="(\d+)"/g);
    expect([labelWidth, valueWidth, total, ...attributes(svg, /<text x="(\d+)"/g)]).toEqual(flat);
    const totals = (['plastic', 'for-the-badge', 'social'] as const).map(
      (style) => attributes(badge(label, value, style), / width="(\d+)"/g)[0],
    );
    expect(totals).toEqual([plastic, forTheBadge, social]);
  });

  it('writes in upper case for the badge, but keeps what it is called', () => {
    const svg = badge('äbcß', 'Up', 'for-the-badge');

    expect(svg).toContain('aria-label="äbcß: Up"');
    expect(svg).toContain('>ÄBCß</text>');
  });

  it('is well-formed XML, whatever it says', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('<script>"\'&]]>\0\ud800'));
    fc.assert(
      fc.property(text, text, fc.constantFrom(...BADGE_STYLES), (label, value, style) => {
        const svg = badge(label, value, style);
        const tags = svg
          .match(/<\/?[a-zA-Z]+/g)!
          .filter((tag) => !/^<\/?(?:svg|title|defs|linearGradient|stop|clipPath|rect|g|text)$/.test(tag));

        expect(tags).toEqual([]);
        expect(svg.isWellFormed()).toBe(true);
        // eslint-disable-next-line no-control-regex -- XML 1.0 has no place for control characters: none may be left
        expect(svg).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&(?!amp;|lt;|gt;|quot;|#39;)/);
      }),
    );
  });
});
