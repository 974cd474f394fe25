/**
 * What a style sheet may not have: whatever makes a browser fetch something (it would tell others who visits), runs
 * code in one of the browsers that ever did, or ends the element that it is put into.
 */
const FORBIDDEN: readonly [RegExp, string][] = [
  [/<\s*[/!]/, 'tags'],
  [/@\s*import/, '@import'],
  [/@\s*font-face/, '@font-face'],
  [/\burl(?:-prefix)?\s*\(/, 'url()'],
  [/(?:^|[^\w-])(?:src|image|(?:-webkit-)?image-set|(?:-webkit-)?cross-fade|element|paint)\s*\(/, 'image functions'],
  [/\bexpression\s*\(/, 'expression()'],
  [/(?:^|[^\w-])behavior\s*:/, 'behavior'],
  [/-moz-binding/, '-moz-binding'],
  [/(?:java|vb|live)script\s*:/, 'script addresses'],
  [/\bdata\s*:/, 'data addresses'],
];

/**
 * Style sheets are refused, not mended, so that what is shown is what was sent.
 * @returns what must not be in it, or null when it is harmless. Comments and escapes hide nothing.
 */
export function cssProblem(css: string): string | null {
  const plain = unescaped(css).toLowerCase();
  // A comment parts what stands around it, but not for every browser that there was: both readings have to be clean.
  const readings = [plain, plain.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ''), plain.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ')];
  for (const [pattern, name] of FORBIDDEN) {
    if (readings.some((reading) => pattern.test(reading))) return name;
  }
  return null;
}

/** Escapes resolved (CSS Syntax 3, 4.3.7), and without the characters that old parsers skip. */
function unescaped(css: string): string {
  const resolved = css.replace(
    /\\(?:([0-9a-f]{1,6})(?:\r\n|\s)?|\r\n|([\s\S]))/gi,
    (_, hex?: string, other?: string) => {
      if (hex === undefined) return other === '\n' || other === '\f' || other === '\r' ? '' : (other ?? '');
      const code = parseInt(hex, 16);
      return code === 0 || code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
    },
  );
  // eslint-disable-next-line no-control-regex -- control characters, which browsers pass over, could hide a forbidden word
  return resolved.normalize('NFKC').replace(/[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\ufeff]/g, '');
}
