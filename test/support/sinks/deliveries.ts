import type { DeliveryOptions, Message } from '@app/notifiers';
import { deliver, parseChannelConfig } from '@app/notifiers';
import type { Outbound } from '@app/outbound';
import { createOutbound } from '@app/outbound';

export const outbound = createOutbound();

/** The real way out, with some of it replaced. */
export function outboundWith(replacements: Partial<Outbound>): Outbound {
  return {
    http: (request) => outbound.http(request),
    connect: (target) => outbound.connect(target),
    resolve: (host, signal) => outbound.resolve(host, signal),
    ...replacements,
  };
}

/** An outage of the monitor "Checkout API". */
export function downMessage(changes: Partial<Message> = {}): Message {
  const text = 'HTTP request failed with status: 503';
  const monitor = {
    id: '5f0c9d1e',
    type: 'http',
    name: 'Checkout API',
    interval: 60,
    timeout: 16,
    max_retries: 3,
    retry_interval: 60,
    resend_interval: 0,
    active: true,
    status: 0,
    config: '{"url":"https://shop.example.org/health"}',
    proxy_id: '',
    push_token: '',
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
  };
  return {
    text,
    monitor,
    monitorWithSecrets: monitor,
    heartbeat: {
      id: '77aa',
      monitor_id: '5f0c9d1e',
      status: 0,
      msg: text,
      ping: 87,
      duration: 0,
      down_count: 0,
      retries: 1,
      important: true,
      time: '2026-03-04T05:06:07.891Z',
      end_time: '2026-03-04T05:06:07.978Z',
      notified: true,
    },
    idempotencyKey: '77aa-ch1',
    ...changes,
  };
}

/** The same outage, with another text. */
export function saying(text: string): Message {
  return downMessage({ text });
}

/** A notice about a certificate: no heartbeat. */
export function certificateMessage(): Message {
  return downMessage({ text: '🚨 Certificate Expiry Warning\n\nMonitor: Checkout API', heartbeat: null });
}

/** As the engine and the test endpoint do it: the config as stored text, checked, then sent. */
export function deliverTo(
  type: string,
  config: Record<string, unknown>,
  message: Message = downMessage(),
  options: Partial<DeliveryOptions> = {},
): Promise<void> {
  return deliver(parseChannelConfig(type, JSON.stringify(config)), message, {
    outbound,
    signal: new AbortController().signal,
    clientUrl: 'https://uptime.example.org',
    version: '0.0.46',
    ...options,
  });
}
