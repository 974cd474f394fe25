import { DAY, MINUTE, SECOND } from '../../clock';

/** Making one costs a thousand times as much as using it; only names that exist get in. */
const formats = new Map<string, Intl.DateTimeFormat>();

const NAME = /^[A-Za-z][\w+-]*(?:\/[\w+-]+)*$/;
const OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** Whether the name is one of the IANA time zone database. */
export function isTimeZone(name: string): boolean {
  if (!NAME.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** How far the clocks of the zone are ahead of UTC at an instant, ms. @throws RangeError for an unknown zone */
export function offsetAt(zone: string, instant: number): number {
  if (zone === 'UTC') return 0;
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = OFFSET.exec(formatOf(zone).format(instant)) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * MINUTE + Number(seconds) * SECOND;
  return sign === '-' ? -offset : offset;
}

/**
 * The instants at which the clocks of the zone show this time of day, ascending: none when they are put forward over
 * it, two when they are put back over it. A wall time is written as the instant at which clocks in UTC show it.
 */
export function instantsOf(zone: string, wall: number): number[] {
  const before = offsetAt(zone, wall - DAY);
  const after = offsetAt(zone, wall + DAY);
  if (before === after) return [wall - before];
  const candidates = [wall - Math.max(before, after), wall - Math.min(before, after)];
  return candidates.filter((instant) => instant + offsetAt(zone, instant) === wall);
}

/** One instant for every wall time: the first when there are two, the first minute after the gap when there is none. */
export function instantOf(zone: string, wall: number): number {
  return instantsOf(zone, wall)[0] ?? nextChange(zone, wall - DAY, wall + DAY);
}

/** The minute in which the clocks of the zone are changed; between `from` and `to` they are, once. */
function nextChange(zone: string, from: number, to: number): number {
  const offset = offsetAt(zone, from);
  let [low, high] = [from, to];
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
    if (offsetAt(zone, middle) === offset) low = middle;
    else high = middle;
  }
  return high;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, year: 'numeric', timeZoneName: 'longOffset' });
    formats.set(zone, format);
  }
  return format;
}
