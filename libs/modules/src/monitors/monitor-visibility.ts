import { HIDDEN, hideSecrets } from '@app/checkers';
import { mayActAs } from '@app/platform';
import type { Role } from '@app/platform';
import type { Monitor } from './monitor.entity';

/** A monitor as far as a role may see it: who may not change it has no use for its passwords and its push token. */
export function visibleTo(role: Role, monitor: Monitor): Monitor {
  if (mayActAs(role, 'editor')) return monitor;
  const { type, config, pushToken } = monitor;
  return { ...monitor, config: hideSecrets(type, config), pushToken: pushToken && HIDDEN };
}
