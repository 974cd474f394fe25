import { AppError, STATUSES, statusOf } from '@app/core';
import type { Status } from '@app/core';
import type { QueryParams } from '@app/platform';

export interface Push {
  status: Status;
  message: string;
  latencyMs: number;
}

const MAX_LATENCY_MS = 2 ** 31 - 1;

/** @throws AppError `invalid` for a status that is none; everything else is taken as well as it goes. */
export function pushQuery(query: QueryParams): Push {
  return { status: statusParam(query.status), message: query.msg ?? 'OK', latencyMs: latencyParam(query.ping) };
}

function statusParam(text: string | undefined): Status {
  if (!text) return 'up';
  const word = STATUSES.find((status) => status === text.toLowerCase());
  if (word) return word;
  if (/^[0-3]$/.test(text)) return statusOf(Number(text));
  throw new AppError('invalid', 'Invalid status parameter (must be up, down, pending, maintenance or 0 to 3)');
}

/** Milliseconds, rounded; what is no number from 0 on counts as 0: a push is never lost for it. */
function latencyParam(text: string | undefined): number {
  const value = Math.round(Number(text));
  return value > 0 && value <= MAX_LATENCY_MS ? value : 0;
}
