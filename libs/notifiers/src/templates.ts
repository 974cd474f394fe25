import { messageOf } from '@app/core';
import type { Liquid } from 'liquidjs';
import { statusLook } from './status-look';
import type { Message } from './notifier';

/** A template's text is at most this long; a real one has a few hundred characters. */
const MAX_TEMPLATE_CHARACTERS = 100_000;
/** Rendering blocks the event loop, so it gets little time. */
const MAX_RENDER_MS = 250;
/** Objects and characters that a rendering may create. */
const MAX_RENDER_MEMORY = 5_000_000;

/** @throws Error for a broken template, with the reason. */
export async function renderTemplate(template: string, message: Message): Promise<string> {
  engine ??= loadEngine();
  const liquid = await engine;
  try {
    return (await liquid.parseAndRender(template, variablesOf(message))) as string;
  } catch (error) {
    throw new Error(`Liquid error: ${messageOf(error)}`, { cause: error });
  }
}

let engine: Promise<Liquid> | undefined;

/** Loaded at the first template: most processes never render one. */
async function loadEngine(): Promise<Liquid> {
  const { Liquid } = await import('liquidjs');
  const liquid = new Liquid({
    templates: {}, // `include` and the like find nothing; without it they read files of the server
    ownPropertyOnly: true,
    strictFilters: true,
    timezoneOffset: 0,
    parseLimit: MAX_TEMPLATE_CHARACTERS,
    renderLimit: MAX_RENDER_MS,
    memoryLimit: MAX_RENDER_MEMORY,
    outputEscape: objectsAsJson as (value: unknown) => string,
  });
  liquid.registerFilter('divided_by', divide);
  return liquid;
}

/** Not an escape: everything but an object is printed as it is, instead of as `[object Object]`. */
function objectsAsJson(value: unknown): unknown {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : value;
}

/** Integers are divided as such: 7 by 2 is 3. */
function divide(dividend: unknown, divisor: unknown): number {
  const quotient = Number(dividend) / Number(divisor);
  return Number.isInteger(dividend) && Number.isInteger(divisor) ? Math.trunc(quotient) : quotient;
}

/** Heartbeat variables are absent from messages without a heartbeat, and so print as nothing. */
function variablesOf({ text, monitor, heartbeat }: Message): Record<string, unknown> {
  const common = { msg: text, name: monitor.name, monitor: { ...monitor, config: parsed(monitor.config) } };
  if (!heartbeat) return common;
  const { word, icon, color } = statusLook(heartbeat.status);
  const time = `${heartbeat.time.slice(0, 19).replace('T', ' ')} +0000`;
  return { ...common, status: word, status_icon: icon, status_color: color, ping: heartbeat.ping, time, heartbeat };
}

/** `{{ monitor.config.url }}` works when the configuration is a JSON object. */
function parsed(config: string): unknown {
  try {
    const value: unknown = JSON.parse(config);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : config;
  } catch {
    return config;
  }
}
