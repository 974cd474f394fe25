import { Entity, Flag, Index, Int, Ref, Stored, Text } from '@app/core';
import { Monitor } from '../monitors/monitor.entity';

/** When the monitors that it is for are not checked; `MaintenanceRule` says what the fields mean. */
@Stored('maintenances')
@Index(['createdAt', 'id'])
@Index(['active'])
export class Maintenance extends Entity {
  @Text({ max: 255 }) title!: string;
  @Text() description!: string;
  /** Title and description: what a search looks through. */
  @Text({ search: true }) words!: string;
  /** False = paused. */
  @Flag() active!: boolean;
  @Text({ max: 50 }) strategy!: string;
  @Text({ max: 50, nullable: true }) startDateTime!: string | null;
  @Text({ max: 50, nullable: true }) endDateTime!: string | null;
  @Text({ max: 50, nullable: true }) startTime!: string | null;
  @Text({ max: 50, nullable: true }) endTime!: string | null;
  /** JSON list of numbers, like the next one. */
  @Text() weekdays!: string;
  @Text() daysOfMonth!: string;
  @Int({ nullable: true }) intervalDay!: number | null;
  @Text({ max: 255, nullable: true }) cron!: string | null;
  @Text({ max: 100, nullable: true }) timezone!: string | null;
  /** Minutes. */
  @Int({ nullable: true }) duration!: number | null;
}

@Stored('maintenance_monitors')
@Index(['maintenanceId', 'monitorId'], { unique: true })
@Index(['monitorId'])
export class MaintenanceMonitor extends Entity {
  @Ref(() => Maintenance, { onDelete: 'cascade' }) maintenanceId!: string;
  @Ref(() => Monitor, { onDelete: 'cascade' }) monitorId!: string;
  /** Place in the list that was sent. */
  @Int() position!: number;
}
