import { AppError, Store, isAppError } from '@app/core';
import type { Collection, New, Where } from '@app/core';
import { Injectable } from '@nestjs/common';
import { Proxy } from '../proxies/proxy.entity';
import { Monitor, MonitorNotification, MonitorTag } from './monitor.entity';

export interface MonitorFilter {
  /** Matches anywhere in the name, in any letter case. */
  search?: string;
  active?: boolean;
  status?: number;
  /** Monitors with at least one of these tags. */
  tagIds?: readonly string[];
}

export interface MonitorDetail {
  monitor: Monitor;
  /** In the order in which they were sent. */
  notificationIds: string[];
  tagIds: string[];
}

export interface Relations {
  notificationIds?: readonly string[];
  tagIds?: readonly string[];
}

@Injectable()
export class MonitorsRepository {
  private readonly monitors: Collection<Monitor>;
  private readonly tags: Collection<MonitorTag>;
  private readonly notifications: Collection<MonitorNotification>;
  private readonly proxies: Collection<Proxy>;

  constructor(private readonly store: Store) {
    this.monitors = store.collection(Monitor);
    this.tags = store.collection(MonitorTag);
    this.notifications = store.collection(MonitorNotification);
    this.proxies = store.collection(Proxy);
  }

  /** Newest first. */
  findPage({ search, active, status, tagIds }: MonitorFilter, offset: number, limit: number): Promise<Monitor[]> {
    const where: Where<Monitor> = { name: search === undefined ? undefined : { contains: search }, active, status };
    if (tagIds && tagIds.length > 0) {
      where.id = { among: { entity: MonitorTag, field: 'monitorId', where: { tagId: { in: tagIds } } } };
    }
    return this.monitors.find({ where, order: { createdAt: 'desc' }, offset, limit });
  }

  findByIds(ids: readonly string[]): Promise<Monitor[]> {
    return this.monitors.find({ where: { id: { in: ids } } });
  }

  findById(id: string): Promise<Monitor | null> {
    return this.monitors.findOne({ id: id.toLowerCase() });
  }

  findByPushToken(pushToken: string): Promise<Monitor | null> {
    return this.monitors.findOne({ pushToken, type: 'push' });
  }

  /** By id, after the given one: for walking through all of them, whatever is added or deleted meanwhile. */
  findActiveAfter(id: string, limit: number): Promise<Monitor[]> {
    return this.monitors.find({ where: { active: true, id: { after: id } }, order: { id: 'asc' }, limit });
  }

  async exists(id: string): Promise<boolean> {
    return (await this.monitors.count({ id: id.toLowerCase() })) > 0;
  }

  async findDetail(id: string): Promise<MonitorDetail | null> {
    const monitor = await this.findById(id);
    if (!monitor) return null;
    const [notifications, tags] = await Promise.all([
      this.notifications.find({ where: { monitorId: monitor.id }, order: { position: 'asc' } }),
      this.tags.find({ where: { monitorId: monitor.id }, order: { position: 'asc' } }),
    ]);
    return {
      monitor,
      notificationIds: notifications.map(({ channelId }) => channelId),
      tagIds: tags.map(({ tagId }) => tagId),
    };
  }

  /** @throws AppError `invalid` for a taken push token or an unknown relation; then nothing is stored. */
  insert(values: New<Monitor>, relations: Required<Relations>): Promise<Monitor> {
    return this.store.transaction(async () => {
      await this.requireProxy(values.proxyId);
      const monitor = await this.monitors.insert(values).catch(explainToken);
      await this.relate(monitor.id, relations);
      return monitor;
    });
  }

  /** Undefined relations stay as they are. @throws as {@link insert} */
  update(id: string, changes: Partial<New<Monitor>>, relations: Relations): Promise<void> {
    return this.store.transaction(async () => {
      await this.requireProxy(changes.proxyId);
      await this.monitors.update({ id }, changes).catch(explainToken);
      if (relations.notificationIds) await this.notifications.delete({ monitorId: id });
      if (relations.tagIds) await this.tags.delete({ monitorId: id });
      await this.relate(id, relations);
    });
  }

  /** @returns false when there is no such monitor. */
  async delete(id: string): Promise<boolean> {
    return (await this.monitors.delete({ id })) > 0;
  }

  async setStatus(id: string, status: number): Promise<void> {
    await this.monitors.update({ id }, { status });
  }

  private async requireProxy(id: string | null | undefined): Promise<void> {
    if (!id || (await this.proxies.count({ id })) > 0) return;
    throw new AppError('invalid', 'proxy_id is not the id of a proxy');
  }

  private async relate(monitorId: string, { notificationIds = [], tagIds = [] }: Relations): Promise<void> {
    await this.notifications
      .insertMany(notificationIds.map((channelId, position) => ({ monitorId, channelId, position })))
      .catch(explainReference('notification_ids'));
    await this.tags
      .insertMany(tagIds.map((tagId, position) => ({ monitorId, tagId, position })))
      .catch(explainReference('tag_ids'));
  }
}

function explainToken(error: unknown): never {
  throw isAppError(error, 'conflict')
    ? new AppError('invalid', 'push_token is in use by another monitor', { cause: error })
    : error;
}

function explainReference(field: string) {
  return (error: unknown): never => {
    throw isAppError(error, 'invalid')
      ? new AppError('invalid', `${field} holds an id that does not exist`, { cause: error })
      : error;
  };
}
