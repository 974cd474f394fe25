import { Entity, Flag, Index, Instant, Int, Ref, Stored, Text } from '@app/core';
import { NotificationChannel } from '../notification-channels/notification-channel.entity';
import { Tag } from '../tags/tag.entity';

/** What is watched, and how. */
@Stored('monitors')
@Index(['createdAt', 'id'])
@Index(['active', 'status'])
@Index(['proxyId'])
export class Monitor extends Entity {
  @Text({ max: 20 }) type!: string;
  @Text({ max: 150, search: true }) name!: string;
  /** Seconds, like the other durations here. */
  @Int() interval!: number;
  @Int() timeout!: number;
  @Int() maxRetries!: number;
  @Int() retryInterval!: number;
  /** Down beats between two reminders; 0 = none. */
  @Int() resendInterval!: number;
  @Flag() active!: boolean;
  /** Status number of the newest heartbeat; written by the timeline, with the heartbeat. */
  @Int() status!: number;
  /** JSON text, kept as it was sent. May hold secrets. */
  @Text() config!: string;
  @Text({ max: 255, nullable: true, unique: true }) pushToken!: string | null;
  /**
   * Null = straight. No reference: SQLite cannot add one to a table that others refer to. Deleting a proxy clears it.
   */
  @Text({ max: 36, nullable: true }) proxyId!: string | null;
  /** When it was created or resumed last: push monitors have one interval of grace from here. */
  @Instant() activeSince!: Date;
}

@Stored('monitor_tags')
@Index(['monitorId', 'tagId'], { unique: true })
@Index(['tagId'])
export class MonitorTag extends Entity {
  @Ref(() => Monitor, { onDelete: 'cascade' }) monitorId!: string;
  @Ref(() => Tag, { onDelete: 'cascade' }) tagId!: string;
  /** Place in the list that was sent. */
  @Int() position!: number;
}

@Stored('monitor_notifications')
@Index(['monitorId', 'channelId'], { unique: true })
@Index(['channelId'])
export class MonitorNotification extends Entity {
  @Ref(() => Monitor, { onDelete: 'cascade' }) monitorId!: string;
  @Ref(() => NotificationChannel, { onDelete: 'cascade' }) channelId!: string;
  @Int() position!: number;
}
