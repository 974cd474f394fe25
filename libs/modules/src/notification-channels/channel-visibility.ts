import { hideChannelSecrets } from '@app/notifiers';
import { mayActAs } from '@app/platform';
import type { Role } from '@app/platform';
import type { NotificationChannel } from './notification-channel.entity';

/** A channel as far as a role may see it: who may not change it has no use for its passwords and keys. */
export function visibleTo(role: Role, channel: NotificationChannel): NotificationChannel {
  return mayActAs(role, 'editor') ? channel : { ...channel, config: hideChannelSecrets(channel.config) };
}
