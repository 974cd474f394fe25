import { AppError, PERIODS, parseInstant } from '@app/core';
import type { Period } from '@app/core';
import type { QueryParams } from '@app/platform';
import { countPoints } from './points';
import type { Range } from './points';

const MAX_POINTS = 1441;

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

function instant(text: string, name: string): number {
  const time = parseInstant(text);
  if (time === null) throw new AppError('invalid', `Invalid '${name}' parameter (must be RFC3339)`);
  return time;
}
