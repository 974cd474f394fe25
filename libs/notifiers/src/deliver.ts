import { messageOf, SECOND } from '@app/core';
import type { Outbound } from '@app/outbound';
import { DeliveryError } from './delivery-error';
import { createNotifierHttp, noAnswer } from './http';
import type { Message, Render } from './notifier';
import type { Redact } from './redact';
import { redactor } from './redact';
import type { Channel } from './registry';
import { renderTemplate } from './templates';

export interface DeliveryOptions {
  outbound: Outbound;
  signal: AbortSignal;
  /** Origin of the web client, without a trailing slash; "" = links are left out. */
  clientUrl: string;
  /** Compatibility version, for user agents. */
  version: string;
  /** The test endpoint: some providers then report a broken template instead of sending the plain text. */
  test?: boolean;
  /** For the whole delivery, second attempts of a provider included. Default 30 s. */
  timeoutMs?: number;
  /** Told, without secrets, what did not keep the message from being sent: a broken template, a refused recipient. */
  warn?: (text: string) => void;
}

const TIMEOUT_MS = 30 * SECOND;

/**
 * Sends one message to one channel, once. Whatever goes wrong is told without the channel's secrets.
 * @throws DeliveryError
 */
export async function deliver(channel: Channel, message: Message, options: DeliveryOptions): Promise<void> {
  const { notifier, config } = channel;
  const redact = redactor(notifier, config);
  const { outbound, clientUrl, version, timeoutMs = TIMEOUT_MS } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)]);
  const warn = (text: string) => options.warn?.(redact(text));
  try {
    await notifier.send(config, message, {
      http: createNotifierHttp(outbound, { signal, redact }),
      connect: (target) =>
        outbound.connect({ ...target, signal }).catch((error: unknown) => {
          throw noAnswer('', error, signal);
        }),
      render: renderer(message, options.test ?? false, warn),
      warn,
      signal,
      clientUrl,
      version,
    });
  } catch (error) {
    throw withoutSecrets(error, redact);
  }
}

function renderer(message: Message, test: boolean, warn: (text: string) => void): Render {
  return async (template, fallback, failure) => {
    if (template === undefined) return fallback;
    try {
      return await renderTemplate(template, message);
    } catch (error) {
      const text = `${failure ?? 'failed to render template'}: ${messageOf(error)}`;
      if (test && failure) throw new DeliveryError(text);
      warn(text);
      return fallback;
    }
  };
}

/** A new error without a cause, because causes are logged too. */
function withoutSecrets(error: unknown, redact: Redact): DeliveryError {
  const { retryable, retryAfterSeconds } = error instanceof DeliveryError ? error : {};
  return new DeliveryError(redact(messageOf(error)), { retryable, retryAfterSeconds });
}
