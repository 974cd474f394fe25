import { AppError } from '@app/core';
import { parseChannelConfig } from '@app/notifiers';
import { Injectable } from '@nestjs/common';
import type { ChannelInputDto, ChannelPatchDto } from './notification-channel.dto';
import type { NotificationChannel } from './notification-channel.entity';
import { NotificationChannelsRepository } from './notification-channels.repository';
import type { ChannelPage } from './notification-channels.repository';
import { TestSender } from './test-sender';

@Injectable()
export class NotificationChannelsService {
  constructor(
    private readonly channels: NotificationChannelsRepository,
    private readonly tester: TestSender,
  ) {}

  findPage(page: ChannelPage): Promise<NotificationChannel[]> {
    return this.channels.findPage(page);
  }

  /** @throws AppError `not_found` */
  async get(id: string): Promise<NotificationChannel> {
    const channel = await this.channels.findById(id);
    if (!channel) throw new AppError('not_found', 'Notification not found');
    return channel;
  }

  /** @throws AppError `invalid` for a type or a config that no provider takes. */
  async create(input: ChannelInputDto): Promise<NotificationChannel> {
    return this.channels.insert(accepted(input));
  }

  /** Every field is written; an absent flag keeps its default. @throws AppError `invalid`, `not_found` */
  async replace(id: string, input: ChannelInputDto): Promise<NotificationChannel> {
    const values = accepted(input);
    await this.get(id);
    await this.channels.update(id, values);
    return this.get(id);
  }

  /** Absent is unchanged; the result has to be what create would accept. @throws AppError `invalid`, `not_found` */
  async patch(id: string, input: ChannelPatchDto): Promise<NotificationChannel> {
    const stored = await this.get(id);
    const { name, type, active, is_default, config } = input;
    const values = accepted({
      name: name ?? stored.name,
      type: type ?? stored.type,
      active: active ?? stored.active,
      is_default: is_default ?? stored.isDefault,
      config: config ?? stored.config,
    });
    await this.channels.update(id, values);
    return this.get(id);
  }

  async delete(id: string): Promise<void> {
    await this.channels.delete(id);
  }

  /** Sends a test message without storing anything. @throws AppError `invalid`, `unprocessable` */
  async test({ type, config }: ChannelInputDto): Promise<void> {
    await this.tester.send(parseChannelConfig(type ?? '', config ?? ''));
  }
}

function accepted(input: ChannelInputDto) {
  const { name, type, active, is_default, config } = input;
  parseChannelConfig(type ?? '', config ?? '');
  return {
    name: name ?? '',
    type: type!,
    active: active ?? true,
    isDefault: is_default ?? false,
    config: config!,
  };
}
