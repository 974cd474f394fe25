import { AppError, cronOf, messageOf, minutesBetween, parseCron, parseDateTime } from '@app/core';
import type { MaintenanceRule, New } from '@app/core';
import type { MaintenanceInputDto, MaintenancePatchDto } from './maintenance.dto';
import type { Maintenance } from './maintenance.entity';

/** All that people decide about a maintenance. */
export type Definition = Omit<New<Maintenance>, 'id'>;

export function listOf(json: string): number[] {
  return JSON.parse(json) as number[];
}

/** What the rules of windows need to know. */
export function ruleOf(maintenance: Definition, createdAt: number): MaintenanceRule {
  const { weekdays, daysOfMonth, ...rest } = maintenance;
  return { ...rest, weekdays: listOf(weekdays), daysOfMonth: listOf(daysOfMonth), createdAt };
}

/** A whole definition: what is absent is empty. @throws AppError `invalid` */
export function definitionOf(input: MaintenanceInputDto): Definition {
  const definition: Definition = {
    title: input.title,
    description: input.description ?? '',
    words: '',
    active: input.active ?? true,
    strategy: input.strategy,
    startDateTime: input.start_date_time ?? null,
    endDateTime: input.end_date_time ?? null,
    startTime: input.start_time ?? null,
    endTime: input.end_time ?? null,
    weekdays: jsonOf(input.weekdays ?? []),
    daysOfMonth: jsonOf(input.days_of_month ?? []),
    intervalDay: input.interval_day ?? null,
    cron: input.cron ?? null,
    timezone: input.timezone ?? null,
    duration: input.duration ?? null,
  };
  refuse(problemsOf(definition, Boolean(definition.cron)));
  return finished(definition, { makeCron: !definition.cron, measure: definition.duration === null });
}

/**
 * What a patch changes; null and absent leave things as they are. The window has to be one that create would accept,
 * unless nothing of it was sent. @throws AppError `invalid`
 */
export function changesOf(stored: Definition, patch: MaintenancePatchDto): Partial<Definition> {
  const window = given<Definition>({
    strategy: patch.strategy,
    startDateTime: patch.start_date_time,
    endDateTime: patch.end_date_time,
    startTime: patch.start_time,
    endTime: patch.end_time,
    weekdays: patch.weekdays && jsonOf(patch.weekdays),
    daysOfMonth: patch.days_of_month && jsonOf(patch.days_of_month),
    intervalDay: patch.interval_day,
    cron: patch.cron,
    timezone: patch.timezone,
    duration: patch.duration,
  });
  const changes = { ...window, ...given<Definition>({ ...pick(patch) }) };
  if (Object.keys(changes).length === 0) return {};
  const merged: Definition = { ...stored, ...changes };
  if (Object.keys(window).length > 0) refuse(problemsOf(merged, Boolean(window.cron)));
  const timesChange = 'startTime' in window || 'endTime' in window;
  const result = finished(merged, {
    makeCron: 'strategy' in window && !window.cron,
    measure: !('duration' in window) && (timesChange || merged.duration === null),
  });
  return { ...changes, words: result.words, cron: result.cron, duration: result.duration };
}

function pick({ title, description, active }: MaintenancePatchDto) {
  return { title, description, active };
}

/** Adds what follows from the rest. */
function finished(definition: Definition, { makeCron, measure }: { makeCron: boolean; measure: boolean }): Definition {
  const { title, description, startTime, endTime, duration, cron } = definition;
  const length = measure && startTime !== null && endTime !== null ? minutesBetween(startTime, endTime) : null;
  return {
    ...definition,
    words: `${title}\n${description}`,
    cron: (makeCron ? cronOf(ruleOf(definition, 0)) : null) ?? cron,
    duration: length ?? duration,
  };
}

/** Rules over several fields; `cronSent` = an expression that somebody wrote, not one that we made. */
function problemsOf(definition: Definition, cronSent: boolean): string[] {
  const { strategy, startDateTime, endDateTime, startTime, endTime, intervalDay, cron, duration } = definition;
  const problems: string[] = [];
  if (startDateTime && endDateTime && parseDateTime(startDateTime)! >= parseDateTime(endDateTime)!) {
    problems.push('end_date_time must be after start_date_time');
  }
  if (startTime !== null && endTime !== null && minutesBetween(startTime, endTime) === null) {
    problems.push('start_time and end_time must differ');
  }
  if (cronSent) problems.push(...problemsOfCron(cron!, duration));
  const needsTimes = strategy === 'recurring-interval' || (isRecurring(strategy) && !cronSent);
  if (needsTimes && startTime === null) problems.push('start_time is required');
  if (needsTimes && endTime === null) problems.push('end_time is required');
  if (strategy === 'single' && !startDateTime && !endDateTime) {
    problems.push('start_date_time or end_date_time is required');
  }
  if (strategy === 'recurring-interval' && !(intervalDay !== null && intervalDay >= 1)) {
    problems.push('interval_day must be at least 1');
  }
  if (strategy === 'recurring-weekday' && !cronSent && listOf(definition.weekdays).length === 0) {
    problems.push('weekdays must name at least one day');
  }
  if (strategy === 'recurring-day-of-month' && !cronSent && listOf(definition.daysOfMonth).length === 0) {
    problems.push('days_of_month must name at least one day');
  }
  return problems;
}

function problemsOfCron(cron: string, duration: number | null): string[] {
  const problems: string[] = [];
  try {
    parseCron(cron);
  } catch (error) {
    problems.push(`cron must be an expression such as 30 2 * * 1-5: ${messageOf(error)}`);
  }
  if (duration === null || duration < 1) problems.push('duration must be at least 1 with cron');
  return problems;
}

function isRecurring(strategy: string): boolean {
  return ['recurring-interval', 'recurring-weekday', 'recurring-day-of-month'].includes(strategy);
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new AppError('invalid', problems.join('; '));
}

/** Without what is null or absent. */
function given<T>(values: { [K in keyof T]?: T[K] | null }): Partial<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}

/** Null stands for 0: what clients mean by it, the last day of a month. */
function jsonOf(list: readonly (number | null)[]): string {
  return JSON.stringify(list.map((item) => item ?? 0));
}
