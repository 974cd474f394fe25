import { AppError, PERIODS } from '@app/core';
import type { Period } from '@app/core';
import type { QueryParams } from '@app/platform';
import { countPoints } from './points';
import type { Range } from './points';

const MAX_POINTS = 1441;
const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** `since`, `until` and `granularity`, checked in this order. @throws AppError `invalid` with the contract's texts */
export function pointsQuery(query: QueryParams, now: number): Range {
  if (!query.since) throw new AppError('invalid', "Missing required 'since' parameter");
  const since = instant(query.since, 'since');
  const until = query.until ? instant(query.until, 'until') : now;
  const period = (query.granularity ?? 'minute') as Period;
  if (!PERIODS.includes(period)) {
    throw new AppError('invalid', "Invalid 'granularity' parameter (must be minute, hour, or day)");
  }
  if (until < since) throw new AppError('invalid', "'until' must be after 'since'");
  const count = countPoints({ since, until, period });
  if (count > MAX_POINTS) {
    throw new AppError('invalid', `Too many points requested: ${count} (max ${MAX_POINTS})`);
  }
  return { since, until, period };
}

/** `Date.parse` alone would take dates without a zone, and roll 31 February over. */
function instant(text: string, name: string): number {
  const match = RFC3339.exec(text);
  const [year, month, day, hour, minute, second] = match?.slice(1, 7).map(Number) ?? [];
  const date = new Date(Date.UTC(year!, month! - 1, day));
  const isDate = date.getUTCMonth() === month! - 1 && date.getUTCDate() === day;
  const time = match && isDate && hour! < 24 && minute! < 60 && second! < 60 ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw new AppError('invalid', `Invalid '${name}' parameter (must be RFC3339)`);
  return time;
}
