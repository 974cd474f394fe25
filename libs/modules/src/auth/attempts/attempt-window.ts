import type { LoginAttempts } from './login-attempts.entity';

export type AttemptState = Pick<LoginAttempts, 'failures' | 'firstFailedAt' | 'lockedUntil'>;

export interface AttemptLimits {
  maxFailures: number;
  /** Counts from the first failure. */
  windowMs: number;
  lockoutMs: number;
}

/** How long the lock still lasts, ms; 0 when there is none. */
export function lockedFor(state: AttemptState | null, now: number): number {
  return state?.lockedUntil ? Math.max(0, state.lockedUntil.getTime() - now) : 0;
}

/**
 * What one more failure makes of the count; call it only while there is no lock. The failure that reaches the limit
 * locks, and so does each later one of the same window.
 */
export function afterFailure(state: AttemptState | null, now: number, limits: AttemptLimits): AttemptState {
  const goesOn = state !== null && now <= state.firstFailedAt.getTime() + limits.windowMs;
  const failures = goesOn ? state.failures + 1 : 1;
  return {
    failures,
    firstFailedAt: goesOn ? state.firstFailedAt : new Date(now),
    lockedUntil: failures >= limits.maxFailures ? new Date(now + limits.lockoutMs) : null,
  };
}
