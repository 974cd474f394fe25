import type { BadgeOptions } from './badge-query';
import { DEFAULT_COLOR, cutText } from './badge-query';
import type { Badge } from './badge-svg';

/** What a badge tells. Null = not known. */
export type BadgeFact =
  | { kind: 'status'; status: number }
  | { kind: 'uptime'; window: string; percent: number | null }
  | { kind: 'ping'; window: string; ms: number | null }
  | { kind: 'response'; ms: number | null }
  /** Whole days; negative once expired. */
  | { kind: 'cert-exp'; daysLeft: number | null };

interface Face {
  text: string;
  color: string;
}

const GREY = '#9f9f9f';
const ORANGE = '#fe7d37';
const UPTIME_COLORS: readonly [least: number, color: string][] = [
  [95, '#4c1'],
  [90, '#97CA00'],
  [85, '#a4a61d'],
  [80, '#dfb317'],
  [70, ORANGE],
  [-Infinity, '#e05d44'],
];

/** A fact in the looks that were asked for. */
export function toBadge(fact: BadgeFact, options: BadgeOptions): Badge {
  const { style, labelColor, labelPrefix, labelSuffix } = options;
  const label = options.label ?? (fact.kind === 'cert-exp' ? 'cert exp' : fact.kind);
  const window = 'window' in fact ? ` (${fact.window})` : '';
  const { text, color } = faceOf(fact, options);
  return {
    style,
    labelColor,
    color,
    label: cutText(`${labelPrefix}${label}${labelSuffix}${window}`),
    value: cutText(text),
  };
}

function faceOf(fact: BadgeFact, options: BadgeOptions): Face {
  switch (fact.kind) {
    case 'status': {
      const face = statusFace(fact.status, options);
      return { text: face.text, color: options.color ?? face.color };
    }
    case 'uptime': {
      if (fact.percent === null) return unknown(options);
      const color = UPTIME_COLORS.find(([least]) => fact.percent! >= least)![1];
      return withUnit(oneDecimal(fact.percent), '%', options.color ?? color, options);
    }
    case 'ping':
    case 'response':
      if (fact.ms === null) return unknown(options);
      return withUnit(String(toEven(fact.ms)), 'ms', options.color ?? DEFAULT_COLOR, options);
    case 'cert-exp': {
      const face = certificateFace(fact.daysLeft, options);
      return withUnit(face.text, '', options.color ?? face.color, options);
    }
  }
}

function statusFace(status: number, { upLabel, downLabel, upColor, downColor }: BadgeOptions): Face {
  const faces: Face[] = [
    { text: downLabel, color: downColor },
    { text: upLabel, color: upColor },
    { text: 'Pending', color: ORANGE },
    { text: 'Maintenance', color: '#7c69ef' },
  ];
  return faces[status] ?? { text: 'Unknown', color: GREY };
}

/** The smaller threshold is the worse one, and wins. */
function certificateFace(daysLeft: number | null, { downDays, warnDays, upColor, downColor }: BadgeOptions): Face {
  if (daysLeft === null) return { text: 'N/A', color: GREY };
  if (daysLeft < 0) return { text: 'Expired', color: downColor };
  const text = `${daysLeft}d`;
  if (daysLeft <= downDays) return { text, color: downColor };
  return { text, color: daysLeft <= warnDays ? ORANGE : upColor };
}

function withUnit(text: string, unit: string, color: string, { prefix, suffix }: BadgeOptions): Face {
  return { text: `${prefix}${text}${suffix ?? unit}`, color };
}

function unknown({ color }: BadgeOptions): Face {
  return { text: 'N/A', color: color ?? GREY };
}

/** Ties go to the even digit. In binary, the only ties at one decimal are odd quarters. */
export function oneDecimal(value: number): string {
  const isTie = Number.isInteger(value * 4) && !Number.isInteger(value * 2);
  return isTie ? (toEven(value * 10) / 10).toFixed(1) : value.toFixed(1);
}

function toEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
