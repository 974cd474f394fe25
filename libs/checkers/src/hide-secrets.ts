import { HIDDEN, hideConfigSecrets } from '@app/core';
import { findMonitorType } from './monitor-types';

/**
 * `config` of a monitor as JSON text, for eyes that may not know its passwords and keys: the keys stay, the values of
 * the secret ones that are set become {@link HIDDEN}. Of an unknown type, or a text that is no object, nothing is left.
 */
export function hideSecrets(type: string, config: string): string {
  const known = findMonitorType(type);
  return known ? hideConfigSecrets(config, new Set(known.secrets?.map((key) => key.toLowerCase()))) : '{}';
}

export { HIDDEN };
