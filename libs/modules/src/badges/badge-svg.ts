/** What is written on a badge, and how. Texts are escaped here; colours have to be ones that `toColor` let through. */
export interface Badge {
  label: string;
  value: string;
  labelColor: string;
  color: string;
  style: BadgeStyle;
}

export const BADGE_STYLES = ['flat', 'flat-square', 'plastic', 'for-the-badge', 'social'] as const;
export type BadgeStyle = (typeof BADGE_STYLES)[number];

/** Pixels of an average character of 11 px. */
const CHARACTER = 11 * 0.58;
const NARROW = new Set('ijlt!|:;,.');
const WIDE = new Set('mwMW');

const SYSTEM_FONT = `font-family="-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Oxygen,Ubuntu,Cantarell,'Fira Sans','Droid Sans','Helvetica Neue',sans-serif" text-rendering="geometricPrecision" font-size="11" font-weight="400"`;
const VERDANA = 'font-family="Verdana,Geneva,DejaVu Sans,sans-serif" text-rendering="geometricPrecision"';

interface Shadow {
  y: number;
  opacity: string;
}

interface Look {
  height: number;
  /** Pixels around a text, both sides together. */
  padding: number;
  minWidth: number;
  /** Between label and value, and again at the end. */
  gap: number;
  font: string;
  /** Texts are drawn ten times as large, then scaled: their lengths can be told in tenths. */
  scaled: boolean;
  y: number;
  shadow?: Shadow;
  /** Absent = sharp edges. */
  radius?: number;
  gradient?: readonly string[];
  /** Flat badges keep the gradient inside `defs`. */
  defs?: boolean;
}

const SOFT = ['<stop offset="0" stop-color="#bbb" stop-opacity=".1"/>', '<stop offset="1" stop-opacity=".1"/>'];
const GLOSSY = [
  '<stop offset="0" stop-color="#fff" stop-opacity=".7"/>',
  '<stop offset=".1" stop-color="#aaa" stop-opacity=".1"/>',
  '<stop offset=".9" stop-color="#000" stop-opacity=".3"/>',
  '<stop offset="1" stop-color="#000" stop-opacity=".5"/>',
];

const FLAT = { height: 20, padding: 14, minWidth: 25, gap: 0, font: SYSTEM_FONT, scaled: false, y: 14.5 };
const SCALED = { padding: 12, minWidth: 0, gap: 0, font: `${VERDANA} font-size="110"`, scaled: true };
const LOOKS: Record<BadgeStyle, Look> = {
  flat: { ...FLAT, shadow: { y: 15.5, opacity: '.3' }, radius: 3, gradient: SOFT, defs: true },
  'flat-square': FLAT,
  plastic: { ...SCALED, height: 18, y: 130, shadow: { y: 140, opacity: '.5' }, radius: 4, gradient: GLOSSY },
  'for-the-badge': {
    ...SCALED,
    height: 28,
    padding: 20,
    font: `${VERDANA} font-weight="bold" font-size="100"`,
    y: 175,
  },
  social: { ...SCALED, height: 20, gap: 3, y: 140, shadow: { y: 150, opacity: '.3' }, radius: 3, gradient: SOFT },
};

/** An estimate that is the same everywhere: no font is asked. In whole pixels. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (NARROW.has(character)) width += 0.5 * CHARACTER;
    else if (WIDE.has(character)) width += 1.4 * CHARACTER;
    else width += character === ' ' ? 0.6 * CHARACTER : CHARACTER;
  }
  return Math.ceil(width);
}

/** The badge as an SVG document. */
export function badgeSvg(badge: Badge): string {
  const look = LOOKS[badge.style];
  const { height, padding, minWidth, gap, scaled } = look;
  const [label, value] = [badge.label, badge.value].map((text) =>
    badge.style === 'for-the-badge' ? upperCase(text) : text,
  ) as [string, string];
  const inner = { label: textWidth(label), value: textWidth(value) };
  const labelWidth = Math.max(minWidth, inner.label + padding);
  const valueWidth = Math.max(minWidth, inner.value + padding);
  const width = labelWidth + valueWidth + 2 * gap;
  const middle = (content: number) => Math.floor((content + padding) / 2);
  const valueX = inner.label + padding + gap + middle(inner.value);
  const scale = scaled ? 10 : 1;
  const name = escaped(`${badge.label}: ${badge.value}`);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" role="img" aria-label="${name}">`,
    `    <title>${name}</title>`,
    ...definitions(look, width),
    look.radius === undefined ? '    <g shape-rendering="crispEdges">' : '    <g clip-path="url(#r)">',
    `        <rect width="${labelWidth}" height="${height}" fill="${badge.labelColor}"/>`,
    `        <rect x="${labelWidth + gap}" width="${valueWidth}" height="${height}" fill="${badge.color}"/>`,
    ...(look.gradient ? [`        <rect width="${width}" height="${height}" fill="url(#s)"/>`] : []),
    '    </g>',
    `    <g fill="#fff" text-anchor="middle" ${look.font}>`,
    ...texts(look, label, middle(inner.label) * scale, inner.label),
    ...texts(look, value, valueX * scale, inner.value),
    '    </g>',
    '</svg>',
  ];
  return lines.join('\n');
}

function definitions({ radius, gradient, defs, height }: Look, width: number): string[] {
  if (radius === undefined || !gradient) return [];
  const lines = [
    '<linearGradient id="s" x2="0" y2="100%">',
    ...gradient.map((stop) => `    ${stop}`),
    '</linearGradient>',
    '<clipPath id="r">',
    `    <rect width="${width}" height="${height}" rx="${radius}" fill="#fff"/>`,
    '</clipPath>',
  ];
  return defs
    ? ['    <defs>', ...lines.map((line) => `        ${line}`), '    </defs>']
    : lines.map((line) => `    ${line}`);
}

function texts({ y, shadow, scaled }: Look, text: string, x: number, width: number): string[] {
  const content = escaped(text);
  const scaling = scaled ? ' transform="scale(.1)"' : '';
  const length = scaled ? ` textLength="${width * 10}"` : '';
  const line = `        <text x="${x}" y="${y}"${scaling} fill="#fff"${length}>${content}</text>`;
  if (!shadow) return [line];
  const { y: shadowY, opacity } = shadow;
  return [
    `        <text aria-hidden="true" x="${x}" y="${shadowY}" fill="#010101" fill-opacity="${opacity}"${scaling}${length}>${content}</text>`,
    line,
  ];
}

/** Character by character: `ß` stays what it is. */
function upperCase(text: string): string {
  return Array.from(text, (character) => {
    const upper = character.toUpperCase();
    return Array.from(upper).length === 1 ? upper : character;
  }).join('');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For texts and attributes. What XML 1.0 (2.2) has no place for is left out: the document would be none. */
function escaped(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what XML 1.0 has no place for
  const legal = text.toWellFormed().replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '');
  return legal.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
