import { FlagField, TextField } from '@app/platform';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { NotificationChannel } from './notification-channel.entity';

const CONFIG_EXAMPLE = '{"webhook_url":"https://hooks.example.org/uptime","webhook_content_type":"json"}';

const name = { max: 255, optional: true, example: 'Ops room' };
const type = { optional: true, example: 'webhook', description: 'Provider' };
const active = { optional: true, default: true, description: 'An inactive channel gets nothing', example: true };
const isDefault = { optional: true, default: false, example: false };
const config = {
  optional: true,
  example: CONFIG_EXAMPLE,
  description: 'Settings of the provider, a JSON document as text',
};

/** What POST and PUT take; PATCH leaves absent fields as they are. */
@ApiSchema({ name: 'notification_channel.CreateUpdateDto' })
export class ChannelInputDto {
  @TextField(name) name?: string | null;
  @TextField(type) type?: string | null;
  @FlagField(active) active?: boolean | null;
  @FlagField(isDefault) is_default?: boolean | null;
  @TextField(config) config?: string | null;
}

@ApiSchema({ name: 'notification_channel.PartialUpdateDto' })
export class ChannelPatchDto extends ChannelInputDto {}

@ApiSchema({ name: 'notification_channel.Model' })
export class ChannelDto {
  @ApiProperty({ example: '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d11' }) id!: string;
  @ApiProperty({ example: 'Ops room' }) name!: string;
  @ApiProperty({ example: 'webhook' }) type!: string;
  @ApiProperty() active!: boolean;
  @ApiProperty({ example: false }) is_default!: boolean;
  @ApiProperty({ example: CONFIG_EXAMPLE }) config!: string;
  @ApiProperty({ example: '2026-02-01T09:30:00.181Z' }) created_at!: string;
  @ApiProperty({ example: '2026-02-01T09:30:00.181Z' }) updated_at!: string;

  static from(this: void, channel: NotificationChannel): ChannelDto {
    return {
      id: channel.id,
      name: channel.name,
      type: channel.type,
      active: channel.active,
      is_default: channel.isDefault,
      config: channel.config,
      created_at: channel.createdAt.toISOString(),
      updated_at: channel.updatedAt.toISOString(),
    };
  }
}
