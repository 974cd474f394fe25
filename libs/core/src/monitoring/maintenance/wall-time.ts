const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)$/;
const TIME_OF_DAY = /^(\d{1,2}):(\d\d)$/;

/** `2026-02-01T09:30` as a wall time; null when it is none or not in the calendar. */
export function parseDateTime(text: string): number | null {
  const [, year, month, day, hour, minute] = (DATE_TIME.exec(text) ?? []).map(Number);
  if (year === undefined) return null;
  const wall = new Date(0);
  wall.setUTCFullYear(year, month! - 1, day);
  wall.setUTCHours(hour!, minute);
  return wall.toISOString().slice(0, 16) === text ? wall.getTime() : null;
}

/** `9:30` or `09:30` as minutes after midnight; null when it is none. */
export function parseTimeOfDay(text: string): number | null {
  const [, hour, minute] = (TIME_OF_DAY.exec(text) ?? []).map(Number);
  if (hour === undefined || hour > 23 || minute! > 59) return null;
  return hour * 60 + minute!;
}
