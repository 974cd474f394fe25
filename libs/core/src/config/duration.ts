const UNITS: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/y;

/** `1h30m`, `90s`, `1.5h`: numbers with a unit of ns, us, ms, s, m or h. @returns milliseconds, or null. */
export function parseDuration(text: string): number | null {
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replace(/^[+-]/, '');
  let total = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < body.length) {
    const match = PART.exec(body);
    if (!match) return null;
    total += Number(match[1]) * UNITS[match[2]!]!;
  }
  return body === '' ? null : sign * total;
}
