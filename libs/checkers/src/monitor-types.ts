import type { Checker, PassiveType } from './checker';
import { invalidConfig, readConfig } from './config';
import type { ParseOptions } from './config';
import { dnsChecker } from './dns/dns.checker';
import { httpChecker, httpJsonQueryChecker, httpKeywordChecker } from './http/http.checker';
import { pingChecker } from './ping.checker';
import { pushType } from './push.checker';
import { tcpChecker } from './tcp.checker';

/** A monitor type with its config schema forgotten: what the registry hands out. */
export type MonitorType = Checker | PassiveType;

/**
 * Every monitor type. To add one: its file, and its line here. The list forgets which schema belongs to which checker;
 * each is only ever called with what its own schema put out.
 */
export const monitorTypes = [
  httpChecker,
  httpKeywordChecker,
  httpJsonQueryChecker,
  tcpChecker,
  pingChecker,
  dnsChecker,
  pushType,
] as readonly unknown[] as readonly MonitorType[];

const byType = new Map(monitorTypes.map((type) => [type.type, type]));

/** The type of that name, which is matched exactly; null when there is none. */
export function findMonitorType(type: string): MonitorType | null {
  return byType.get(type) ?? null;
}

/**
 * Reads the config of a monitor as it is stored.
 * @throws AppError `invalid`: `Invalid monitor configuration: ...`
 */
export function parseConfig(type: string, text: string, options: ParseOptions): Record<string, unknown> {
  const found = findMonitorType(type);
  if (!found) throw invalidConfig(`executor not found for monitor type: ${type}`);
  return readConfig(found.config, text, options);
}
