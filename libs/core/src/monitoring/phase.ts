import { stableHash } from '../ids';

/** Offset of a monitor inside its interval, 0 to interval-1 ms: the same after every restart, spread by its id. */
export function phaseOf(monitorId: string, intervalMs: number): number {
  return stableHash(monitorId) % intervalMs;
}

/** The first moment after `now` at which the monitor is due. */
export function nextDue(monitorId: string, intervalMs: number, now: number): number {
  const phase = phaseOf(monitorId, intervalMs);
  return (Math.floor((now - phase) / intervalMs) + 1) * intervalMs + phase;
}
