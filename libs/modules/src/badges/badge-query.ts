import type { QueryParams } from '@app/platform';
import { BADGE_STYLES } from './badge-svg';
import type { BadgeStyle } from './badge-svg';

/** Characters of one text on a badge. */
const MAX_TEXT = 128;
export const DEFAULT_COLOR = '#007ec6';

/** What the address of a badge says about its looks; an empty value is an absent one. */
export interface BadgeOptions {
  style: BadgeStyle;
  /** Null = of the value's own choosing. */
  color: string | null;
  labelColor: string;
  label: string | null;
  labelPrefix: string;
  labelSuffix: string;
  prefix: string;
  /** Null = the unit. */
  suffix: string | null;
  upLabel: string;
  downLabel: string;
  upColor: string;
  downColor: string;
  warnDays: number;
  downDays: number;
}

export function badgeOptions(query: QueryParams): BadgeOptions {
  const color = toColor(query.color);
  return {
    style: BADGE_STYLES.find((style) => style === query.style) ?? 'flat',
    color: color === DEFAULT_COLOR ? null : color,
    labelColor: toColor(query.labelColor) ?? '#555',
    label: query.label || null,
    labelPrefix: query.labelPrefix ?? '',
    labelSuffix: query.labelSuffix ?? '',
    prefix: query.prefix ?? '',
    suffix: query.suffix || null,
    upLabel: query.upLabel || 'Up',
    downLabel: query.downLabel || 'Down',
    upColor: toColor(query.upColor) ?? '#4c1',
    downColor: toColor(query.downColor) ?? '#e05d44',
    warnDays: days(query.warnDays, 1) ?? 14,
    downDays: days(query.downDays, 0) ?? 7,
  };
}

/** Colours that an attribute can hold without harm: hexadecimal ones, with or without `#`, and names. Else null. */
export function toColor(text: string | undefined): string | null {
  if (!text) return null;
  const hex = /^#?([0-9a-f]{3}|[0-9a-f]{4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text)?.[1];
  if (hex) return `#${hex}`;
  return /^[a-z]{1,32}$/i.test(text) ? text : null;
}

/** No badge is longer than a line. */
export function cutText(text: string): string {
  return text.length <= MAX_TEXT
    ? text
    : Array.from(text.slice(0, 2 * MAX_TEXT))
        .slice(0, MAX_TEXT)
        .join('');
}

function days(text: string | undefined, min: number): number | null {
  const value = text && /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  return value >= min ? value : null;
}

/** Of the figures that badges show. */
export type BadgeWindow = '24h' | '30d' | '90d';

/** Hours, as clients write them: what is no positive number of them is a day. */
export function windowOf(duration: string | undefined): BadgeWindow {
  const hours = duration !== undefined && /^[+-]?\d+$/.test(duration) ? Number(duration) : NaN;
  if (!(hours > 24) || hours >= 2 ** 63) return '24h';
  return hours <= 720 ? '30d' : '90d';
}
