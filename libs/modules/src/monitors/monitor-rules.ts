import type { MonitorRules } from '@app/core';
import type { Monitor } from './monitor.entity';

/** What the state machine needs to know of a monitor. */
export function rulesOf({ maxRetries, resendInterval, interval, retryInterval }: Monitor): MonitorRules {
  return { maxRetries, resendInterval, intervalSeconds: interval, retryIntervalSeconds: retryInterval };
}
