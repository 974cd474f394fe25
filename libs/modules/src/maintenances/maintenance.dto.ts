import { SERVER_ZONE, isTimeZone, parseDateTime, parseTimeOfDay } from '@app/core';
import { FlagField, IdListField, IntegerField, IntegerListField, TextField } from '@app/platform';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { listOf } from './maintenance-definition';
import type { Maintenance } from './maintenance.entity';

const dateTime = {
  optional: true,
  rule: {
    test: (text: string) => parseDateTime(text) !== null,
    message: 'must be a date and time such as 2026-02-01T09:30',
  },
};
const timeOfDay = {
  optional: true,
  rule: { test: (text: string) => parseTimeOfDay(text) !== null, message: 'must be a time of day such as 09:30' },
};
const ID = '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d13';
const MONITOR_ID = '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d12';

const fields = {
  title: { min: 1, max: 255, notBlank: true, example: 'Router upgrade' },
  description: { optional: true, example: 'The whole second floor' },
  active: { optional: true, example: true, description: 'False = paused' },
  strategy: {
    min: 1,
    max: 50,
    notBlank: true,
    example: 'recurring-weekday',
    description:
      'manual, single, recurring-interval, recurring-weekday, recurring-day-of-month or cron; any other is taken, too, ' +
      'and is under way by its cron',
  },
  start_date_time: { ...dateTime, example: '2026-02-01T00:00', description: 'From then on; absent = always' },
  end_date_time: { ...dateTime, example: '2027-12-31T23:59', description: 'Until then; absent = for ever' },
  start_time: { ...timeOfDay, example: '14:30' },
  end_time: { ...timeOfDay, example: '15:00', description: 'Before start_time = on the next day' },
  weekdays: { optional: true, min: 0, max: 6, example: [1, 3, 5], description: '0 = Sunday' },
  days_of_month: { optional: true, min: -1, max: 31, example: [1, 15], description: '0, -1 or null = the last day' },
  interval_day: { optional: true, min: 0, example: 3, description: 'Days from one window to the next' },
  cron: {
    optional: true,
    max: 255,
    example: '',
    description: 'Five fields: minute, hour, day of month, month, day of week. Recurring strategies get their own',
  },
  timezone: {
    optional: true,
    max: 100,
    example: 'Europe/Berlin',
    description: 'IANA name or SAME_AS_SERVER; absent or "" = UTC',
    rule: {
      test: (text: string) => text === '' || text === SERVER_ZONE || isTimeZone(text),
      message: `must be UTC, ${SERVER_ZONE} or a time zone such as Europe/Berlin`,
    },
  },
  duration: { optional: true, example: 30, description: 'Minutes; absent = from start_time to end_time' },
  monitor_ids: { optional: true, example: [], description: 'The monitors that it is for' },
};

@ApiSchema({ name: 'maintenance.CreateUpdateDto' })
export class MaintenanceInputDto {
  @TextField(fields.title) title!: string;
  @TextField(fields.description) description?: string | null;
  @FlagField({ ...fields.active, default: true }) active?: boolean | null;
  @TextField(fields.strategy) strategy!: string;
  @TextField(fields.start_date_time) start_date_time?: string | null;
  @TextField(fields.end_date_time) end_date_time?: string | null;
  @TextField(fields.start_time) start_time?: string | null;
  @TextField(fields.end_time) end_time?: string | null;
  @IntegerListField(fields.weekdays) weekdays?: (number | null)[] | null;
  @IntegerListField(fields.days_of_month) days_of_month?: (number | null)[] | null;
  @IntegerField(fields.interval_day) interval_day?: number | null;
  @TextField(fields.cron) cron?: string | null;
  @TextField(fields.timezone) timezone?: string | null;
  @IntegerField({ ...fields.duration, min: 1 }) duration?: number | null;
  @IdListField(fields.monitor_ids) monitor_ids?: string[] | null;
}

@ApiSchema({ name: 'maintenance.PartialUpdateDto' })
export class MaintenancePatchDto {
  @TextField({ ...fields.title, optional: true }) title?: string | null;
  @TextField(fields.description) description?: string | null;
  @FlagField(fields.active) active?: boolean | null;
  @TextField({ ...fields.strategy, optional: true }) strategy?: string | null;
  @TextField(fields.start_date_time) start_date_time?: string | null;
  @TextField(fields.end_date_time) end_date_time?: string | null;
  @TextField(fields.start_time) start_time?: string | null;
  @TextField(fields.end_time) end_time?: string | null;
  @IntegerListField(fields.weekdays) weekdays?: (number | null)[] | null;
  @IntegerListField(fields.days_of_month) days_of_month?: (number | null)[] | null;
  @IntegerField(fields.interval_day) interval_day?: number | null;
  @TextField(fields.cron) cron?: string | null;
  @TextField(fields.timezone) timezone?: string | null;
  /** Clients that do not know it send 0. */
  @IntegerField({ ...fields.duration, min: 0 }) duration?: number | null;
  @IdListField(fields.monitor_ids) monitor_ids?: string[] | null;
}

/** What is not filled in is left out. */
@ApiSchema({ name: 'maintenance.Model' })
export class MaintenanceDto {
  @ApiProperty({ example: ID }) id!: string;
  @ApiProperty({ example: 'Router upgrade' }) title!: string;
  @ApiProperty({ example: 'The whole second floor' }) description!: string;
  @ApiProperty({ example: true, description: 'False = paused' }) active!: boolean;
  @ApiProperty({ example: false, description: 'Its monitors are not checked at this moment' }) active_now!: boolean;
  @ApiProperty({ example: 'recurring-weekday' }) strategy!: string;
  @ApiPropertyOptional({ example: '2026-02-01T00:00' }) start_date_time?: string;
  @ApiPropertyOptional({ example: '2027-12-31T23:59' }) end_date_time?: string;
  @ApiPropertyOptional({ example: '14:30' }) start_time?: string;
  @ApiPropertyOptional({ example: '15:00' }) end_time?: string;
  @ApiPropertyOptional({ type: 'integer', isArray: true, example: [1, 3, 5] }) weekdays?: number[];
  @ApiPropertyOptional({ type: 'integer', isArray: true, example: [1, 15] }) days_of_month?: number[];
  @ApiPropertyOptional({ type: 'integer', example: 3 }) interval_day?: number;
  @ApiPropertyOptional({ example: '30 14 * * 1,3,5' }) cron?: string;
  @ApiPropertyOptional({ example: 'Europe/Berlin' }) timezone?: string;
  @ApiPropertyOptional({ type: 'integer', example: 30, description: 'Minutes' }) duration?: number;
  @ApiProperty({ example: '2026-02-01T09:30:00.181Z' }) created_at!: string;
  @ApiProperty({ example: '2026-02-01T09:30:00.181Z' }) updated_at!: string;

  static from(this: void, maintenance: Maintenance, isActiveNow: boolean): MaintenanceDto {
    return {
      id: maintenance.id,
      title: maintenance.title,
      description: maintenance.description,
      active: maintenance.active,
      active_now: isActiveNow,
      strategy: maintenance.strategy,
      start_date_time: maintenance.startDateTime ?? undefined,
      end_date_time: maintenance.endDateTime ?? undefined,
      start_time: maintenance.startTime ?? undefined,
      end_time: maintenance.endTime ?? undefined,
      weekdays: unlessEmpty(listOf(maintenance.weekdays)),
      days_of_month: unlessEmpty(listOf(maintenance.daysOfMonth)),
      interval_day: maintenance.intervalDay ?? undefined,
      cron: maintenance.cron ?? undefined,
      timezone: maintenance.timezone ?? undefined,
      duration: maintenance.duration ?? undefined,
      created_at: maintenance.createdAt.toISOString(),
      updated_at: maintenance.updatedAt.toISOString(),
    };
  }
}

@ApiSchema({ name: 'maintenance.MaintenanceResponseDto' })
export class MaintenanceDetailDto extends MaintenanceDto {
  @ApiProperty({ type: [String], example: [MONITOR_ID] }) monitor_ids!: string[];
}

function unlessEmpty(list: number[]): number[] | undefined {
  return list.length > 0 ? list : undefined;
}
