import type { CheckJob } from '@app/core';
import { asInternalFault, InternalFault } from '@app/outbound';
import { down } from './checker';
import type { CheckContext, Checker, Verdict } from './checker';
import { ConfigCache } from './config';
import { failureText, isDeadline, isLegitimate } from './failure';
import { findMonitorType } from './monitor-types';

const configs = new ConfigCache();

/**
 * Runs one check: reads the config, asks the checker, and says what came of it. Whatever speaks of the target, or of
 * what the user configured, is a verdict.
 * @throws InternalFault when the check says nothing about the target: a bug, exhaustion of this process, or a signal
 * that was aborted for another reason than its deadline. It must not become a heartbeat.
 */
export async function runCheck(job: Pick<CheckJob, 'type' | 'config'>, context: CheckContext): Promise<Verdict> {
  const startedAt = performance.now();
  const elapsed = () => performance.now() - startedAt;
  let verdict: Verdict;
  try {
    const checker = checkerFor(job.type);
    verdict = await checker.check(configs.get(job.type, checker.config, job.config), context);
  } catch (error) {
    verdict = failed(error, context.signal);
  }
  return { ...verdict, latencyMs: Math.floor(verdict.latencyMs ?? elapsed()) };
}

/** Whether people want to be told before a certificate that this monitor's check sees expires. */
export function watchesExpiry({ type, config }: Pick<CheckJob, 'type' | 'config'>): boolean {
  const settings = configs.get(type, checkerFor(type).config, config);
  return settings.check_cert_expiry === true;
}

function checkerFor(type: string): Checker {
  const found = findMonitorType(type);
  if (!found || 'passive' in found) throw new InternalFault(`no check is run for monitors of type ${type}`);
  return found;
}

function failed(error: unknown, signal: AbortSignal): Verdict {
  if (signal.aborted && !isDeadline(signal.reason)) {
    throw new InternalFault('the check was cancelled', { cause: error });
  }
  if (!isLegitimate(error)) throw asInternalFault(error);
  return down(failureText(error), extrasOf(error));
}

function extrasOf(error: unknown): Partial<Verdict> {
  const { latencyMs, certificate } = error as Partial<Verdict>;
  return { ...(latencyMs !== undefined && { latencyMs }), ...(certificate && { certificate }) };
}
