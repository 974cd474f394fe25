import { AppError, hideConfigSecrets } from '@app/core';
import { keysOf, parseConfig } from './config';
import type { Notifier } from './notifier';
import { ntfyNotifier } from './ntfy.notifier';
import { slackNotifier } from './slack.notifier';
import { smtpNotifier } from './smtp.notifier';
import { telegramNotifier } from './telegram.notifier';
import { webhookNotifier } from './webhook.notifier';

/** Every provider. Adding one is adding it here. */
export const NOTIFIERS: readonly Notifier[] = [
  webhookNotifier,
  smtpNotifier,
  slackNotifier,
  telegramNotifier,
  ntfyNotifier,
];

const BY_TYPE = new Map(NOTIFIERS.map((notifier) => [notifier.type, notifier]));
const KNOWN_KEYS = keysOf(NOTIFIERS.map(({ config }) => config));

/** Of all providers: a config may hold leftovers of another one. */
const SECRET_KEYS = new Set(NOTIFIERS.flatMap(({ secrets }) => secrets).map((key) => key.toLowerCase()));

/** `config` of a channel as JSON text, for eyes that may not know its passwords and keys. */
export function hideChannelSecrets(config: string): string {
  return hideConfigSecrets(config, SECRET_KEYS);
}

/** A provider and a config that it accepted. */
export interface Channel {
  notifier: Notifier;
  config: Record<string, unknown>;
}

/** By exact type. */
export function findNotifier(type: string): Notifier | null {
  return BY_TYPE.get(type) ?? null;
}

/** Lower-case keys that the `config` of any channel may have: W7 refuses all others. */
export function knownConfigKeys(): ReadonlySet<string> {
  return KNOWN_KEYS;
}

/** @throws AppError `invalid`: `Unsupported notification type`, or `Invalid config: …` with one sentence per field. */
export function parseChannelConfig(type: string, text: string): Channel {
  const notifier = findNotifier(type);
  if (!notifier) throw new AppError('invalid', 'Unsupported notification type');
  return { notifier, config: parseConfig(notifier.config, text, KNOWN_KEYS) };
}
