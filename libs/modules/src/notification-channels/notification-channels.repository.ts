import { Store } from '@app/core';
import type { Collection, New } from '@app/core';
import { Injectable } from '@nestjs/common';
import { NotificationChannel } from './notification-channel.entity';

export interface ChannelPage {
  offset: number;
  limit: number;
  /** Matches anywhere in the name, in any letter case. */
  search?: string;
}

@Injectable()
export class NotificationChannelsRepository {
  private readonly channels: Collection<NotificationChannel>;

  constructor(store: Store) {
    this.channels = store.collection(NotificationChannel);
  }

  /** Newest first. */
  findPage({ offset, limit, search }: ChannelPage): Promise<NotificationChannel[]> {
    const where = search === undefined ? {} : { name: { contains: search } };
    return this.channels.find({ where, order: { createdAt: 'desc' }, offset, limit });
  }

  findById(id: string): Promise<NotificationChannel | null> {
    return this.channels.findOne({ id: id.toLowerCase() });
  }

  insert(values: New<NotificationChannel>): Promise<NotificationChannel> {
    return this.channels.insert(values);
  }

  async update(id: string, changes: Partial<New<NotificationChannel>>): Promise<void> {
    await this.channels.update({ id: id.toLowerCase() }, changes);
  }

  async delete(id: string): Promise<void> {
    await this.channels.delete({ id: id.toLowerCase() });
  }
}
