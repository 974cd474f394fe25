import { HOUR } from '@app/core';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { io } from 'socket.io-client';
import { Api, send, signUp } from '../../support/api';
import { useApp } from '../../support/app';
import { FakeClock } from '../../support/clock';
import { announce } from '../../support/heartbeats';
import { LiveClient } from '../../support/live-client';
import { monitorBody } from '../../support/monitors';

/** A step of a recorded WebSocket: what was sent, what came, how it ended. */
interface Frame {
  t?: 'open';
  sent?: string;
  received?: string;
  closed?: number;
  after_ms?: number;
}

interface Recording {
  name: string;
  transport: 'http' | 'websocket' | 'socket.io-client';
  request: { method?: string; path: string; headers?: Record<string, string>; body?: string };
  response?: { status: number; headers: Record<string, string>; body: string };
  frames?: Frame[];
  options?: { query?: Record<string, string>; auth?: Record<string, string> };
  log?: { connect_error?: { message: string; data: unknown } }[];
  result?: string;
}

const SECONDS_LONG = 'takes as long as the time limits of the protocol';

/** By name; the reason is shown. */
const SKIPPED: Record<string, string> = {
  'websocket: seed path /api/v1/ws': 'ours: the live channel, see realtime.e2e',
  'websocket: API key header only': 'ours: a key opens it, see api-keys.e2e',
  'websocket: other origin': 'ours: refused, see realtime-socket-io.e2e',
  'websocket: token expires while connected; server ping after 25 s answered; heartbeat still delivered':
    'ours: closed at expiry, see realtime-socket-io.e2e',
  'websocket: both rooms: order of the two events': 'a single heartbeat, see realtime-socket-io.e2e',
  'websocket: refused socket that stays open': SECONDS_LONG,
  'websocket: no connect packet is ever sent': SECONDS_LONG,
  'websocket: server ping is never answered': SECONDS_LONG,
};

/**
 * The first packet read may be one of the room that was left before, if it was on its way then, as when recorded;
 * otherwise it is one of the room that was joined.
 */
const OWN_ROOM = 'polling session: heartbeat of one monitor';

const folder = process.env.EXCHANGES_DIR;
const recordings = folder ? (JSON.parse(readFileSync(path.join(folder, 'realtime.json'), 'utf8')) as Recording[]) : [];

(folder ? describe : describe.skip)('realtime.json', () => {
  const clock = new FakeClock();
  const app = useApp({ clock });
  const tokens: Record<string, string> = { '<key>': 'pk_unknown' };
  /** Recorded ids and their counterparts. */
  const known = new Map<string, string>();
  let monitorId: string;

  beforeAll(async () => {
    const { signedIn, api } = await signUp(app);
    tokens['<expired access token>'] = signedIn.body.data.accessToken;
    clock.advance(HOUR);
    const { refreshToken } = signedIn.body.data;
    const { body } = await new Api(app).post('/auth/refresh', { refreshToken });
    tokens['<access>'] = body.data.accessToken;
    tokens['<refresh>'] = body.data.refreshToken;
    monitorId = (await api.as(body.data.accessToken).post('/monitors', monitorBody())).body.data.id;
    known.set('0ec53ef6-783e-468a-bd86-599b3c3edd93', monitorId);
  });

  function translate(text: string): string {
    let translated = text;
    for (const [recorded, ours] of known) translated = translated.replaceAll(recorded, ours);
    return translated.replace(/<[^<>]+>/g, (name) => tokens[name] ?? name);
  }

  /** Packets compare by what they say; ids of sessions are learnt, and of a heartbeat only the shape counts. */
  function expectAlike(recorded: string, ours: string): void {
    const [, type, json] = /^(\d*(?:\/\w+,)?)(.*)$/s.exec(recorded)!;
    if (!json || !/^[{[]/.test(json)) return expect(ours).toBe(recorded);
    expect(ours.slice(0, type!.length)).toBe(type);
    const [wanted, found] = [JSON.parse(translate(json)), JSON.parse(ours.slice(type!.length))];
    if (Array.isArray(wanted)) {
      expect(found[0]).toBe(wanted[0]);
      const shape = (value: object) => Object.entries(value).map(([key, item]) => [key, typeof item]);
      return expect(shape(found[1])).toEqual(shape(wanted[1]));
    }
    if (wanted.sid) known.set(wanted.sid, found.sid);
    expect(found).toEqual({ ...wanted, ...(wanted.sid && { sid: expect.stringMatching(/^[\w-]{20}$/) }) });
  }

  /** Announces heartbeats until somebody has one. */
  async function announcedUntil<T>(answered: Promise<T>): Promise<T> {
    let isAnswered = false;
    void answered.then(() => (isAnswered = true));
    while (!isAnswered) {
      announce(app, { monitorId });
      await new Promise(setImmediate);
    }
    return answered;
  }

  async function replayHttp({ name, request, response }: Recording): Promise<void> {
    const { method = 'GET', headers, body } = request;
    const wantsBeat = response!.body.startsWith('42[');
    const answered = send(app.url, { method, path: translate(request.path), headers, text: body && translate(body) });
    const answer = await (wantsBeat ? announcedUntil(answered) : answered);

    expect(answer.status).toBe(response!.status);
    if (response!.body === '404 page not found') {
      return expect(answer.body).toEqual({ message: 'Not found', data: null });
    }
    for (const header of ['content-type', 'cache-control']) {
      if (response!.headers[header]) expect(answer.headers[header]).toBe(response!.headers[header]);
    }
    const [first] = (typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)).split('\u001e');
    const isLate = first!.includes('monitor:all:heartbeat');
    const recorded =
      name === OWN_ROOM && !isLate ? response!.body.replace('monitor:all', `monitor:${monitorId}`) : response!.body;
    expectAlike(recorded, first!);
  }

  async function replaySocket({ request, frames, result }: Recording): Promise<void> {
    const client = await LiveClient.open(app, translate(request.path), {
      headers: Object.fromEntries(Object.entries(request.headers ?? {}).map(([key, value]) => [key, translate(value)])),
    });
    if (frames![0]!.t !== 'open') await client.next();
    const textOf = async (recorded: string) => {
      const next = client.next();
      const value: unknown = await (recorded.startsWith('42[') ? announcedUntil(next) : next);
      return typeof value === 'string' ? value : JSON.stringify(value);
    };
    for (const { sent, received, closed, after_ms = 0 } of frames!) {
      if (sent !== undefined) client.send(translate(sent));
      else if (received?.endsWith('{"sid":"..."}')) expect(await textOf(received)).toMatch(/^40\{"sid":"[\w-]{20}"\}$/);
      else if (received !== undefined) expectAlike(received, await textOf(received));
      else if (closed === 1006 && after_ms < 1000)
        await expect(client.closed).resolves.toEqual({ code: 1006, reason: '' });
    }
    if (result?.startsWith('this socket is closed')) {
      await expect(client.closed).resolves.toEqual({ code: 1006, reason: '' });
    } else if (result) {
      // Long enough for the server to have looked at it.
      const other = await LiveClient.open(app, translate('/socket.io/?EIO=4&transport=websocket&token=<access>'));
      await other.next();
      other.send('40');
      await other.next();
      await other.close();
      expect(client.socket.readyState).toBe(client.socket.OPEN);
    }
    await client.close();
  }

  async function replayClient({ options, log }: Recording): Promise<void> {
    const fill = (values?: Record<string, string>) =>
      values && Object.fromEntries(Object.entries(values).map(([key, value]) => [key, translate(value)]));
    const socket = io(app.url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      query: fill(options?.query),
      auth: fill(options?.auth),
    });
    const { message, data } = await new Promise<Error & { data?: unknown }>((resolve) => {
      socket.once('connect_error', resolve);
    });
    socket.disconnect();
    expect({ message, data }).toEqual(log![0]!.connect_error);
  }

  const REPLAYERS = { http: replayHttp, websocket: replaySocket, 'socket.io-client': replayClient };

  if (!folder) {
    it.skip('set EXCHANGES_DIR to the folder of the recorded exchanges to replay them', () => undefined);
  }
  for (const recording of recordings) {
    const isOwnTest = recording.transport === 'socket.io-client' && !recording.log![0]!.connect_error;
    const reason =
      SKIPPED[recording.name] ?? (isOwnTest ? 'what the client did is in realtime-socket-io.e2e' : undefined);
    if (reason) it.skip(`${recording.name} (${reason})`, () => undefined);
    else it(recording.name, () => REPLAYERS[recording.transport](recording));
  }
});
