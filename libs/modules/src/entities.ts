import { Delivery } from '@app/core';
import type { EntityClass } from '@app/core';
import { ApiKey } from './api-keys';
import { AuditEntry } from './audit';
import { InstanceSecret, LoginAttempts, Session } from './auth';
import { Maintenance, MaintenanceMonitor } from './maintenances';
import { Monitor, MonitorNotification, MonitorTag } from './monitors';
import { NotificationChannel } from './notification-channels';
import { Proxy } from './proxies';
import { Setting } from './settings';
import { StatusPage, StatusPageDomain, StatusPageMonitor } from './status-pages';
import { Tag } from './tags';
import { User } from './users';

/** Everything that is stored through the store port; a spec compares it with the migrated schema. */
export const ENTITIES: readonly EntityClass[] = [
  ApiKey,
  AuditEntry,
  Delivery,
  InstanceSecret,
  LoginAttempts,
  Maintenance,
  MaintenanceMonitor,
  Monitor,
  MonitorNotification,
  MonitorTag,
  NotificationChannel,
  Proxy,
  Session,
  Setting,
  StatusPage,
  StatusPageDomain,
  StatusPageMonitor,
  Tag,
  User,
];
