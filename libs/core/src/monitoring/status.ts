/** The state of a monitor, and the outcome of one heartbeat. */
export type Status = 'down' | 'up' | 'pending' | 'maintenance';

/** Statuses by their number on the wire and in storage. */
export const STATUSES = ['down', 'up', 'pending', 'maintenance'] as const satisfies readonly Status[];

const NUMBERS: Record<Status, number> = { down: 0, up: 1, pending: 2, maintenance: 3 };

/** 0 down, 1 up, 2 pending, 3 maintenance. */
export function statusNumber(status: Status): number {
  return NUMBERS[status];
}

/** @throws RangeError for a number that is none. */
export function statusOf(number: number): Status {
  const status = STATUSES[number];
  if (!status) throw new RangeError(`${number} is not a status`);
  return status;
}
