import { Delivery, Entity, Flag, Index, Instant, Int, Ref, Stored, Text } from '@app/core';

/**
 * The records that a timeline looks at, as the first migration makes them. The suite has classes of its own, so that
 * it needs no module of the server.
 */
@Stored('monitors')
@Index(['createdAt', 'id'])
@Index(['active', 'status'])
export class MonitorRecord extends Entity {
  @Text({ max: 20 }) type!: string;
  @Text({ max: 150, search: true }) name!: string;
  @Int() interval!: number;
  @Int() timeout!: number;
  @Int() maxRetries!: number;
  @Int() retryInterval!: number;
  @Int() resendInterval!: number;
  @Flag() active!: boolean;
  @Int() status!: number;
  @Text() config!: string;
  @Text({ max: 255, nullable: true, unique: true }) pushToken!: string | null;
  @Instant() activeSince!: Date;
}

@Stored('notification_channels')
@Index(['createdAt', 'id'])
export class ChannelRecord extends Entity {
  @Text({ max: 255, search: true }) name!: string;
  @Text({ max: 50 }) type!: string;
  @Flag() active!: boolean;
  @Flag() isDefault!: boolean;
  @Text() config!: string;
}

@Stored('monitor_notifications')
@Index(['monitorId', 'channelId'], { unique: true })
@Index(['channelId'])
export class LinkRecord extends Entity {
  @Ref(() => MonitorRecord, { onDelete: 'cascade' }) monitorId!: string;
  @Ref(() => ChannelRecord, { onDelete: 'cascade' }) channelId!: string;
  @Int() position!: number;
}

export const TIMELINE_ENTITIES = [MonitorRecord, ChannelRecord, LinkRecord, Delivery];
