import { isoTime } from '@app/core';
import { FlagField, IdListField, IntegerField, TextField } from '@app/platform';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Monitor } from './monitor.entity';
import type { MonitorDetail } from './monitors.repository';

const CONFIG_EXAMPLE = '{"host":"mail.example.com","port":25}';
const ID = '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d12';

const fields = {
  type: { min: 1, max: 20, example: 'tcp', description: 'What is checked' },
  name: { min: 3, max: 150, example: 'Mail relay' },
  interval: { min: 20, example: 60, description: 'Seconds between two checks' },
  timeout: {
    min: 16,
    example: 20,
    description: 'Deadline of a check, seconds; 0.8 of it must be less than the interval',
  },
  max_retries: { min: 0, example: 2, description: 'Failing checks that count as pending before the monitor is down' },
  retry_interval: { min: 20, example: 60, description: 'Seconds to the next check after a pending one' },
  resend_interval: { min: 0, example: 0, description: 'Down beats between two reminders; 0 = none' },
  notification_ids: { example: [], description: 'Channels that are told, in this order' },
  tag_ids: { example: [] },
  proxy_id: { example: '', description: '"" = none' },
  config: { example: CONFIG_EXAMPLE, description: 'Settings of the type, a JSON document as text' },
  push_token: { max: 255, example: '', description: 'Key of the push URL; "" = none' },
};
const optional = { optional: true } as const;

@ApiSchema({ name: 'monitor.CreateDto' })
export class MonitorCreateDto {
  @TextField(fields.type) type!: string;
  @TextField(fields.name) name!: string;
  @IntegerField({ ...fields.interval, ...optional, default: 60 }) interval?: number | null;
  @IntegerField({ ...fields.max_retries, ...optional, default: 0 }) max_retries?: number | null;
  @IntegerField({ ...fields.retry_interval, ...optional }) retry_interval?: number | null;
  @IntegerField({ ...fields.timeout, ...optional, default: 30 }) timeout?: number | null;
  @IntegerField({ ...fields.resend_interval, ...optional, default: 0 }) resend_interval?: number | null;
  @FlagField({ ...optional, default: true, example: true }) active?: boolean | null;
  @IdListField({ ...fields.notification_ids, ...optional }) notification_ids?: string[] | null;
  @IdListField({ ...fields.tag_ids, ...optional }) tag_ids?: string[] | null;
  @TextField({ ...fields.proxy_id, ...optional }) proxy_id?: string | null;
  @TextField(fields.config) config!: string;
  @TextField({ ...fields.push_token, ...optional }) push_token?: string | null;
}

/** PUT: what is absent becomes empty, paused or zero, and the times are needed. */
@ApiSchema({ name: 'monitor.CreateUpdateDto' })
export class MonitorReplaceDto extends MonitorCreateDto {
  @IntegerField(fields.interval) declare interval: number;
  @IntegerField(fields.retry_interval) declare retry_interval: number;
  @IntegerField(fields.timeout) declare timeout: number;
  @FlagField({ ...optional, default: false, example: true }) declare active?: boolean | null;
}

@ApiSchema({ name: 'monitor.PartialUpdateDto' })
export class MonitorPatchDto {
  @TextField({ ...fields.type, ...optional }) type?: string | null;
  @TextField({ ...fields.name, ...optional }) name?: string | null;
  @IntegerField({ ...fields.interval, ...optional }) interval?: number | null;
  @IntegerField({ ...fields.max_retries, ...optional }) max_retries?: number | null;
  @IntegerField({ ...fields.retry_interval, ...optional }) retry_interval?: number | null;
  @IntegerField({ ...fields.timeout, ...optional }) timeout?: number | null;
  @IntegerField({ ...fields.resend_interval, ...optional }) resend_interval?: number | null;
  @FlagField({ ...optional, example: true }) active?: boolean | null;
  @IdListField({ ...fields.notification_ids, ...optional }) notification_ids?: string[] | null;
  @IdListField({ ...fields.tag_ids, ...optional }) tag_ids?: string[] | null;
  @TextField({ ...fields.proxy_id, ...optional }) proxy_id?: string | null;
  @TextField({ ...fields.config, ...optional }) config?: string | null;
  @TextField({ ...fields.push_token, ...optional }) push_token?: string | null;
}

@ApiSchema({ name: 'monitor.Model' })
export class MonitorDto {
  @ApiProperty({ example: ID }) id!: string;
  @ApiProperty({ example: 'tcp' }) type!: string;
  @ApiProperty({ example: 'Mail relay' }) name!: string;
  @ApiProperty({ type: 'integer', example: 60 }) interval!: number;
  @ApiProperty({ type: 'integer', example: 20 }) timeout!: number;
  @ApiProperty({ type: 'integer', example: 2 }) max_retries!: number;
  @ApiProperty({ type: 'integer', example: 60 }) retry_interval!: number;
  @ApiProperty({ type: 'integer', example: 0 }) resend_interval!: number;
  @ApiProperty({ description: 'False = paused' }) active!: boolean;
  @ApiProperty({ type: 'integer', enum: [0, 1, 2, 3], description: '0 down, 1 up, 2 pending, 3 maintenance' })
  status!: number;
  @ApiProperty({ example: CONFIG_EXAMPLE }) config!: string;
  @ApiProperty({ example: '' }) proxy_id!: string;
  @ApiProperty({ example: '' }) push_token!: string;
  @ApiProperty({ example: '2026-03-05T08:00:00.123Z' }) created_at!: string;
  @ApiProperty({ example: '2026-03-05T08:00:00.123Z' }) updated_at!: string;

  static from(this: void, monitor: Monitor): MonitorDto {
    return {
      id: monitor.id,
      type: monitor.type,
      name: monitor.name,
      interval: monitor.interval,
      timeout: monitor.timeout,
      max_retries: monitor.maxRetries,
      retry_interval: monitor.retryInterval,
      resend_interval: monitor.resendInterval,
      active: monitor.active,
      status: monitor.status,
      config: monitor.config,
      proxy_id: monitor.proxyId ?? '',
      push_token: monitor.pushToken ?? '',
      created_at: isoTime(monitor.createdAt.getTime()),
      updated_at: isoTime(monitor.updatedAt.getTime()),
    };
  }
}

@ApiSchema({ name: 'monitor.MonitorResponseDto' })
export class MonitorDetailDto extends MonitorDto {
  @ApiProperty({ type: [String], example: [] }) notification_ids!: string[];
  @ApiProperty({ type: [String], example: [] }) tag_ids!: string[];

  static fromDetail(this: void, { monitor, notificationIds, tagIds }: MonitorDetail): MonitorDetailDto {
    return { ...MonitorDto.from(monitor), notification_ids: notificationIds, tag_ids: tagIds };
  }
}
