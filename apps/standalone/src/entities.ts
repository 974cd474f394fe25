import { Delivery } from '@app/core';
import type { EntityClass } from '@app/core';
import { ApiKey } from '@app/modules/api-keys';
import { InstanceSecret, LoginAttempts, Session } from '@app/modules/auth';
import { Maintenance, MaintenanceMonitor } from '@app/modules/maintenances';
import { Monitor, MonitorNotification, MonitorTag } from '@app/modules/monitors';
import { NotificationChannel } from '@app/modules/notification-channels';
import { Setting } from '@app/modules/settings';
import { Tag } from '@app/modules/tags';
import { User } from '@app/modules/users';

/** Everything that is stored through the store port; a spec compares it with the migrated schema. */
export const ENTITIES: readonly EntityClass[] = [
  ApiKey,
  Delivery,
  InstanceSecret,
  LoginAttempts,
  Maintenance,
  MaintenanceMonitor,
  Monitor,
  MonitorNotification,
  MonitorTag,
  NotificationChannel,
  Session,
  Setting,
  Tag,
  User,
];
