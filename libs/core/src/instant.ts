const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** An RFC 3339 time with a zone, in epoch ms; null for anything else. */
export function parseInstant(text: string): number | null {
  // `Date.parse` alone would take dates without a zone, and roll 31 February over.
  const match = RFC3339.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const date = new Date(Date.UTC(year!, month! - 1, day));
  const isDate = date.getUTCMonth() === month! - 1 && date.getUTCDate() === day;
  const time = isDate && hour! < 24 && minute! < 60 && second! < 60 ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? null : time;
}
