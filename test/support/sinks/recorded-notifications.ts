import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findNotifier } from '@app/notifiers';
import { simpleParser } from 'mailparser';
import type { ReceivedRequest } from './http-sink';
import type { ReceivedMail } from './smtp-sink';

/** The moment of a replayed test; recordings have year 1 there. */
export const TEST_TIME = Date.parse('2026-11-24T08:09:10.111Z');

export const EVENTS = ['TEST', 'DOWN', 'UP', 'CERT'] as const;
export type Event = (typeof EVENTS)[number];

export interface RecordedRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Record<string, unknown>;
}

export interface RecordedMail {
  secure: boolean;
  helo: string;
  auth: object;
  mail_from: string;
  rcpt_to: string[];
  data: string;
}

/** Either a channel with what every event made it send, or one attempt of the test endpoint. */
export interface RecordedNotification {
  name: string;
  channel: { type: string; config?: Config; target?: string; config_difference?: Config };
  TEST?: { requests: (RecordedRequest | RecordedMail)[] };
  DOWN?: (RecordedRequest | RecordedMail)[];
  UP?: (RecordedRequest | RecordedMail)[];
  CERT?: (RecordedRequest | RecordedMail)[];
  response?: { status: number; body: { message: string } } | null;
  requests?: (RecordedRequest | RecordedMail)[];
}

export type Config = Record<string, unknown>;

/** A call of the channels API with a type and a config. */
export interface RecordedConfig {
  name: string;
  request: { body?: { type?: string; config?: unknown } | null };
  response: { status: number; body: { message: string } };
}

/** Calls that are about a config: of the providers that exist here, and of types that exist nowhere. */
export function readConfigs(folder: string | undefined): RecordedConfig[] {
  const all = readAll(folder, 'notification-channels.json') as RecordedConfig[];
  return all.filter(({ name, request: { body }, response }) => {
    if (!/^(create|test): (type|config|webhook|slack|smtp|telegram|ntfy|unknown|empty|invalid)/.test(name))
      return false;
    if (!body || typeof (body.config ?? '') !== 'string') return false;
    return findNotifier(body.type ?? '') !== null || response.body.message === 'Unsupported notification type';
  });
}

function readAll(folder: string | undefined, name: string): unknown[] {
  const file = path.join(folder ?? '', name);
  return folder && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as unknown[]) : [];
}

/** Of the providers that exist here; empty without the folder. */
export function readRecordings(folder: string | undefined): RecordedNotification[] {
  const all = readAll(folder, 'notifications.json') as Partial<RecordedNotification>[];
  return all.filter(({ channel }) => channel && findNotifier(channel.type)) as RecordedNotification[];
}

/** The fields of a request that a recording fixes, in a form in which two can be compared. */
export function comparable(request: { method: string; path: string; headers: object; body: unknown }, names: string[]) {
  const headers = lowerCased(request.headers);
  const boundary = /boundary=(.*)/.exec(headers['content-type'] ?? '')?.[1];
  const text = typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
  const picked = names.map((name) => [name, boundary ? headers[name]?.replace(boundary, 'B') : headers[name]] as const);
  return {
    method: request.method,
    path: request.path,
    headers: Object.fromEntries(picked),
    body: parsed(boundary ? text.replaceAll(boundary, 'B') : text),
  };
}

/** JSON as a value, because the order of keys means nothing; a form as what is around its JSON, and that. */
function parsed(text: string): unknown {
  const part = /\r\n\r\n(.*)\r\n--/s.exec(text)?.[1];
  if (part) return [text.replace(part, ''), JSON.parse(part)];
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** What we do better in requests: null and object header values, and numbers that are not plain digits. */
export function inOurWords({ headers, ...request }: RecordedRequest, event: Event): RecordedRequest {
  const ours = Object.entries(headers)
    .filter(([name]) => name !== 'X-Null' && name !== 'X-Obj')
    .map(([name, value]) => [name.toLowerCase(), value === '1.234567e+06' ? '1234567' : value]);
  return inOurTime({ ...request, headers: Object.fromEntries(ours) as Record<string, string> }, event);
}

/** TEST carries the current time instead of year 1, and the `date` of nothing is nothing. */
export function inOurTime<Recorded>(recorded: Recorded, event: Event): Recorded {
  if (event !== 'TEST') return JSON.parse(JSON.stringify(recorded).replaceAll('date=0001/01/01', 'date=')) as Recorded;
  const now = new Date(TEST_TIME).toISOString();
  const seconds = now.slice(0, 19).replace('T', ' ');
  const text = JSON.stringify(recorded)
    .replaceAll('0001-01-01T00:00:00Z', now)
    .replaceAll('0001-01-01 00:00:00', seconds)
    .replaceAll('0001/01/01', seconds.slice(0, 10).replaceAll('-', '/'));
  return JSON.parse(text) as Recorded;
}

/** Telegram gets a POST now: the same parameters as JSON, with real booleans, and one slash before the token. */
export function expectTelegram(recorded: RecordedRequest, actual: ReceivedRequest | undefined): void {
  const { pathname, searchParams } = new URL(recorded.path.replace('//bot', '/bot'), 'http://sink');
  expect(actual).toMatchObject({ method: 'POST', path: pathname });
  const parameters = Object.entries(JSON.parse(actual!.body) as Config);
  expect(Object.fromEntries(parameters.map(([key, value]) => [key, String(value)]))).toEqual(
    Object.fromEntries(searchParams),
  );
}

/** Mails have more headers now (Date, Message-ID, MIME, Auto-Submitted) and encode what is not ASCII. */
export async function expectMail(recorded: RecordedMail, actual: ReceivedMail | undefined): Promise<void> {
  const { secure, helo, auth, mail_from: mailFrom, rcpt_to: rcptTo, data } = recorded;
  expect(actual).toMatchObject({ secure, helo, auth, mailFrom, rcptTo });
  const mail = await simpleParser(actual!.data);
  const end = data.indexOf('\r\n\r\n');
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(data.slice(0, end))![1]!.trim();
  expect(mail.from?.text).toBe(header('From'));
  expect(mail.to).toMatchObject({ text: header('To') });
  expect(mail.subject?.trim()).toBe(header('Subject'));
  expect(mail.text).toBe(data.slice(end + 4).replaceAll('\r\n', '\n'));
}

function lowerCased(headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
