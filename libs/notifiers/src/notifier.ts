import type { Socket } from 'node:net';
import type { z } from 'zod';
import type { NotifierHttp } from './http';

/** The monitor of a notification, as it is on the wire (`monitors.md`): ids, settings, `config` as JSON text. */
export interface MonitorView {
  id: string;
  type: string;
  name: string;
  interval: number;
  timeout: number;
  max_retries: number;
  retry_interval: number;
  resend_interval: number;
  active: boolean;
  status: number;
  config: string;
  proxy_id: string;
  push_token: string;
  created_at: string;
  updated_at: string;
}

/** The heartbeat of a notification, as it is on the wire. */
export interface HeartbeatView {
  id: string;
  monitor_id: string;
  /** 0 down, 1 up, 2 pending, 3 maintenance. */
  status: number;
  msg: string;
  /** Latency, ms. */
  ping: number;
  /** Always 0. */
  duration: number;
  down_count: number;
  retries: number;
  important: boolean;
  /** Start and end of the check, RFC 3339. */
  time: string;
  end_time: string;
  notified: boolean;
}

export interface Message {
  /** What happened, in words. */
  text: string;
  /** Without the passwords and keys in `config`, and without `push_token`. */
  monitor: MonitorView;
  /** The same with them, for a receiver of whom the user said that it may have them. */
  monitorWithSecrets: MonitorView;
  /** Null for notices that are not about one beat (certificates). */
  heartbeat: HeartbeatView | null;
  /** The same for every attempt of one delivery; goes along where the provider has a field for it. */
  idempotencyKey: string;
}

/**
 * The text of a template of the channel; `fallback` when there is none. A broken one gives the fallback as well, so
 * that an alert is never lost for its form; in a test it is an error when `failure`, which begins the text, is given.
 */
export type Render = <Fallback>(
  template: string | undefined,
  fallback: Fallback,
  failure?: string,
) => Promise<string | Fallback>;

export interface SendContext {
  http: NotifierHttp;
  /** A TCP connection under the target policy, for providers that do not speak HTTP; the caller destroys it. */
  connect: (target: { host: string; port: number }) => Promise<Socket>;
  render: Render;
  /** Tells the log of something that did not keep the message from being sent. */
  warn: (text: string) => void;
  /** Ends the delivery: shutdown, or its deadline. */
  signal: AbortSignal;
  /** Origin of the web client, without a trailing slash; "" = links are left out. */
  clientUrl: string;
  /** Compatibility version, for user agents. */
  version: string;
}

/** How one kind of channel is told. */
export interface Notifier<Schema extends z.ZodObject = z.ZodObject> {
  type: string;
  config: Schema;
  /** Keys of `config` that never appear in a log or an error. */
  secrets: readonly (keyof z.output<Schema> & string)[];
  /** @throws DeliveryError when the provider did not take it. */
  send(config: z.output<Schema>, message: Message, context: SendContext): Promise<void>;
}

export function defineNotifier<Schema extends z.ZodObject>(notifier: Notifier<Schema>): Notifier<Schema> {
  return notifier;
}
