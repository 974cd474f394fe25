import { AppError, Clock, EventBus, Store, Timeline, statusNumber, statusOf } from '@app/core';
import type { New } from '@app/core';
import { parseConfig } from '@app/checkers';
import type { Page } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { MonitorCreateDto, MonitorPatchDto, MonitorReplaceDto } from './monitor.dto';
import type { Monitor } from './monitor.entity';
import { MonitorsRepository } from './monitors.repository';
import type { MonitorDetail, MonitorFilter } from './monitors.repository';

const DEFAULT_INTERVAL = 60;
const DEFAULT_TIMEOUT = 30;

type Values = New<Monitor>;

@Injectable()
export class MonitorsService {
  constructor(
    private readonly monitors: MonitorsRepository,
    private readonly store: Store,
    private readonly timeline: Timeline,
    private readonly bus: EventBus,
    private readonly clock: Clock,
  ) {}

  findPage(filter: MonitorFilter, { offset, limit }: Page): Promise<Monitor[]> {
    return this.monitors.findPage(filter, offset, limit);
  }

  /** In the order asked for; unknown ids are left out, repeated ones come once. */
  async findByIds(ids: readonly string[]): Promise<Monitor[]> {
    const wanted = distinct(ids);
    const found = new Map((await this.monitors.findByIds(wanted)).map((monitor) => [monitor.id, monitor]));
    return wanted.flatMap((id) => found.get(id) ?? []);
  }

  exists(id: string): Promise<boolean> {
    return this.monitors.exists(id);
  }

  /** @throws AppError `not_found` */
  async get(id: string): Promise<Monitor> {
    const monitor = await this.monitors.findById(id);
    if (!monitor) throw unknown();
    return monitor;
  }

  /** @throws AppError `not_found` */
  async getDetail(id: string): Promise<MonitorDetail> {
    const detail = await this.monitors.findDetail(id);
    if (!detail) throw unknown();
    return detail;
  }

  /** @throws AppError `invalid`; then nothing is stored. */
  async create(input: MonitorCreateDto): Promise<MonitorDetail> {
    const interval = input.interval ?? DEFAULT_INTERVAL;
    const values: Values = {
      ...common(input),
      interval,
      timeout: input.timeout ?? Math.min(DEFAULT_TIMEOUT, longestTimeout(interval)),
      retryInterval: input.retry_interval ?? interval,
      active: input.active ?? true,
      status: statusNumber('up'), // what clients show until the first check, within two seconds
      activeSince: new Date(this.clock.now()),
    };
    accept(values);
    const notificationIds = distinct(input.notification_ids ?? []);
    const tagIds = distinct(input.tag_ids ?? []);
    const monitor = await this.monitors.insert(values, { notificationIds, tagIds });
    this.announce('monitor.created', monitor);
    if (monitor.active) this.bus.publish('monitor.due', { id: monitor.id }, monitor.id);
    return { monitor, notificationIds, tagIds };
  }

  /** @throws AppError `invalid` (looked at first), `not_found` */
  async replace(id: string, input: MonitorReplaceDto): Promise<MonitorDetail> {
    const values = {
      ...common(input),
      interval: input.interval,
      timeout: input.timeout,
      retryInterval: input.retry_interval,
      active: input.active ?? false,
    };
    accept(values);
    return this.change(await this.get(id), values, {
      notificationIds: distinct(input.notification_ids ?? []),
      tagIds: distinct(input.tag_ids ?? []),
    });
  }

  /** Absent is unchanged, `[]` empties a relation; the result has to be what create would accept. */
  async patch(id: string, input: MonitorPatchDto): Promise<MonitorDetail> {
    const stored = await this.get(id);
    const changes = {
      type: input.type ?? undefined,
      name: input.name ?? undefined,
      interval: input.interval ?? undefined,
      timeout: input.timeout ?? undefined,
      maxRetries: input.max_retries ?? undefined,
      retryInterval: input.retry_interval ?? undefined,
      resendInterval: input.resend_interval ?? undefined,
      active: input.active ?? undefined,
      config: input.config ?? undefined,
      pushToken: input.push_token == null ? undefined : input.push_token || null,
      proxyId: input.proxy_id == null ? undefined : proxyOf(input.proxy_id),
    };
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    accept({ ...stored, ...given });
    return this.change(stored, given, {
      notificationIds: input.notification_ids ? distinct(input.notification_ids) : undefined,
      tagIds: input.tag_ids ? distinct(input.tag_ids) : undefined,
    });
  }

  /** Deleting what does not exist is a success. */
  async delete(id: string): Promise<void> {
    const key = id.toLowerCase();
    const existed = await this.store.transaction(async () => {
      await this.timeline.forget(key);
      return this.monitors.delete(key);
    });
    if (existed) this.bus.publish('monitor.deleted', { id: key }, key);
  }

  /** Forgets all heartbeats and statistics. @throws AppError `not_found` */
  async reset(id: string): Promise<void> {
    const monitor = await this.get(id);
    await this.store.transaction(async () => {
      await this.timeline.reset(monitor.id);
      await this.monitors.setStatus(monitor.id, statusNumber('pending'));
    });
    this.announce('monitor.updated', { ...monitor, status: statusNumber('pending') });
  }

  private async change(
    stored: Monitor,
    changes: Partial<Values>,
    relations: { notificationIds?: string[]; tagIds?: string[] },
  ): Promise<MonitorDetail> {
    const resumed = changes.active === true && !stored.active;
    if (resumed) changes = { ...changes, activeSince: new Date(this.clock.now()) };
    const isEmpty = Object.keys(changes).length === 0 && !relations.notificationIds && !relations.tagIds;
    if (!isEmpty) await this.monitors.update(stored.id, changes, relations);
    const detail = await this.getDetail(stored.id);
    if (!isEmpty) this.announce('monitor.updated', detail.monitor);
    if (resumed) this.bus.publish('monitor.due', { id: stored.id }, stored.id);
    return detail;
  }

  private announce(event: 'monitor.created' | 'monitor.updated', { id, name, status }: Monitor): void {
    this.bus.publish(event, { id, name, status: statusOf(status) }, id);
  }
}

function unknown(): AppError {
  return new AppError('not_found', 'Monitor not found');
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}

/** The longest timeout that the interval allows: 0.8 of it must be less than the interval. */
function longestTimeout(interval: number): number {
  return Math.ceil(interval / 0.8) - 1;
}

function common(input: MonitorCreateDto) {
  return {
    type: input.type,
    name: input.name,
    maxRetries: input.max_retries ?? 0,
    resendInterval: input.resend_interval ?? 0,
    config: input.config,
    pushToken: input.push_token || null,
    proxyId: proxyOf(input.proxy_id),
  };
}

/** Rules over several fields. @throws AppError `invalid` */
function accept({ type, config, interval, timeout }: Pick<Values, 'type' | 'config' | 'interval' | 'timeout'>): void {
  if (timeout * 0.8 >= interval) {
    throw new AppError('invalid', `timeout must be less than 1.25 times the interval (${interval})`);
  }
  parseConfig(type, config, { strict: true });
}

function proxyOf(id: string | null | undefined): string | null {
  return id ? id.toLowerCase() : null;
}
