import { Entity, Flag, Index, Stored, Text } from '@app/core';

/** Where notifications go, and how: the configuration of one provider. */
@Stored('notification_channels')
@Index(['createdAt', 'id'])
export class NotificationChannel extends Entity {
  @Text({ max: 255, search: true }) name!: string;
  @Text({ max: 50 }) type!: string;
  /** An inactive channel gets nothing. */
  @Flag() active!: boolean;
  @Flag() isDefault!: boolean;
  /** JSON text, kept as it was sent. Holds secrets. */
  @Text() config!: string;
}
