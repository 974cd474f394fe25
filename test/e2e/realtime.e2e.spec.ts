import { EventBus, MINUTE } from '@app/core';
import { RealtimeTimings } from '@app/modules/realtime';
import { once } from 'node:events';
import { connect } from 'node:net';
import { ADMIN, Api, signUp } from '../support/api';
import { startApp, useApp } from '../support/app';
import { FakeClock } from '../support/clock';
import { announce, sampleHeartbeatView } from '../support/heartbeats';
import { LiveClient } from '../support/live-client';
import { monitorBody, pushBody } from '../support/monitors';
import { AN_ID, A_TIME, NOBODY } from '../support/wire';

const UNAUTHORIZED = { code: 4401, reason: 'Unauthorized' };
const PONG = { event: 'ack', data: {} };

const clock = new FakeClock();
const app = useApp({ clock });
let api: Api;
let token: string;
let refreshToken: string;
let monitorId: string;
let otherId: string;
const clients: LiveClient[] = [];

beforeAll(async () => {
  const admin = await signUp(app);
  api = admin.api;
  ({ accessToken: token, refreshToken } = admin.signedIn.body.data);
  monitorId = (await api.post('/monitors', monitorBody({ name: 'Mail relay' }))).body.data.id;
  otherId = (await api.post('/monitors', monitorBody({ name: 'Shop' }))).body.data.id;
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

async function open(query = `?token=${token}`, options = {}): Promise<LiveClient> {
  const client = await LiveClient.open(app, `/api/v1/ws${query}`, options);
  clients.push(client);
  return client;
}

async function openIn(...rooms: string[]): Promise<LiveClient> {
  const client = await open();
  for (const room of rooms) {
    await expect(client.ask({ event: 'join_room', data: room })).resolves.toEqual({ event: 'ack', data: { room } });
  }
  return client;
}

const signIn = async () => (await new Api(app).post('/auth/login', ADMIN)).body.data as { accessToken: string };

describe('authentication', () => {
  it('takes an access token in the query', async () => {
    const client = await open();

    await expect(client.ask({ event: 'ping' })).resolves.toEqual(PONG);
  });

  it('takes an access token in the Authorization header', async () => {
    const client = await open('', { headers: { authorization: `Bearer ${token}` } });

    await expect(client.ask({ event: 'ping' })).resolves.toEqual(PONG);
  });

  it('takes an access token in the first message', async () => {
    const client = await open('');

    await expect(client.ask({ event: 'authenticate', data: { token }, id: 'a' })).resolves.toEqual({
      event: 'ack',
      data: { expires_at: A_TIME },
      id: 'a',
    });
    await expect(client.ask({ event: 'ping' })).resolves.toEqual(PONG);
  });

  it('answers what was sent while the token was looked up, in order', async () => {
    const client = await open();
    client.send({ event: 'join_room', data: `monitor:${monitorId}`, id: 1 });
    client.send({ event: 'ping', id: 2 });

    await expect(client.inbox.take(2)).resolves.toEqual([
      { event: 'ack', data: { room: `monitor:${monitorId}` }, id: 1 },
      { event: 'ack', data: {}, id: 2 },
    ]);
  });

  it.each([
    ['an empty token', '?token=', {}],
    ['garbage', '?token=garbage', {}],
    ['an Authorization header without a token', '', { authorization: 'Basic b3BzOm9wcw==' }],
    ['an API key that is no good', '', { 'x-api-key': 'pk_abc' }],
  ])('closes a socket that brings %s', async (_what, query, headers) => {
    const client = await open(query, { headers });

    await expect(client.closed).resolves.toEqual(UNAUTHORIZED);
  });

  it('closes a socket that brings a refresh token', async () => {
    const client = await open(`?token=${refreshToken}`);

    await expect(client.closed).resolves.toEqual(UNAUTHORIZED);
  });

  it.each([
    ['joins a room', { event: 'join_room', data: 'monitor:all' }],
    ['is none', 'garbage'],
    ['brings no token', { event: 'authenticate' }],
    ['brings a token that is no text', { event: 'authenticate', data: { token: 5 } }],
    ['brings a bad token', { event: 'authenticate', data: { token: 'garbage' } }],
  ])('closes a socket whose first message %s', async (_what, message) => {
    const client = await open('');
    client.send(message);

    await expect(client.closed).resolves.toEqual(UNAUTHORIZED);
  });

  it('closes a socket that says nothing in time', async () => {
    const timings = app.get(RealtimeTimings);
    const { authenticate } = timings;
    timings.authenticate = 20;
    const client = await open('');

    await expect(client.closed).resolves.toEqual(UNAUTHORIZED);
    timings.authenticate = authenticate;
  });

  it('closes a socket that renews with a bad token', async () => {
    const client = await open();
    client.send({ event: 'authenticate', data: { token: 'garbage' } });

    await expect(client.closed).resolves.toEqual(UNAUTHORIZED);
  });

  it('closes the sockets of a session that ends, and no others', async () => {
    const [first, second] = [await signIn(), await signIn()];
    const ending = await open(`?token=${first.accessToken}`);
    const staying = await open(`?token=${second.accessToken}`);
    await Promise.all([ending.ask({ event: 'ping' }), staying.ask({ event: 'ping' })]);

    await new Api(app).as(first.accessToken).post('/auth/logout');

    await expect(ending.closed).resolves.toEqual(UNAUTHORIZED);
    await expect(staying.ask({ event: 'ping' })).resolves.toEqual(PONG);
  });

  it('closes a socket when its token expires, unless it was renewed; rooms stay joined', async () => {
    const old = await open();
    const renewed = await openIn('monitor:all');
    await old.ask({ event: 'ping' });
    clock.advance(10 * MINUTE);
    const { body } = await new Api(app).post('/auth/refresh', { refreshToken });
    await renewed.ask({ event: 'authenticate', data: { token: body.data.accessToken } });
    clock.advance(6 * MINUTE);

    await expect(old.closed).resolves.toEqual(UNAUTHORIZED);
    const beat = announce(app, { monitorId });
    await expect(renewed.next()).resolves.toEqual({ event: 'monitor:all:heartbeat', data: sampleHeartbeatView(beat) });

    token = body.data.accessToken;
    api = new Api(app).as(token);
  });
});

describe('origin', () => {
  it.each(['http://evil.test', 'null', 'http://localhost:3001', 'garbage'])(
    'closes a socket from %s',
    async (origin) => {
      const client = await open(`?token=${token}`, { origin });

      await expect(client.closed).resolves.toEqual({ code: 4403, reason: 'Origin not allowed' });
    },
  );

  it.each([
    ['of CLIENT_URL', () => 'http://localhost:3000'],
    ['of this server', () => app.url],
  ])('lets an origin %s in', async (_what, origin) => {
    const client = await open(`?token=${token}`, { origin: origin() });

    await expect(client.ask({ event: 'ping' })).resolves.toEqual(PONG);
  });
});

describe('messages', () => {
  it.each([
    ['text that is no JSON', 'garbage', undefined, 'Messages are JSON objects with an event'],
    ['an empty message', '', undefined, 'Messages are JSON objects with an event'],
    ['a list', '[1]', undefined, 'Messages are JSON objects with an event'],
    ['null', 'null', undefined, 'Messages are JSON objects with an event'],
    ['no event', { id: 1 }, 1, 'Unknown event'],
    ['an unknown event', { event: 'constructor', id: 'x' }, 'x', 'Unknown event'],
    ['a room that is no text', { event: 'join_room', data: 5, id: 2 }, 2, 'data must be the name of a room'],
    ['no room', { event: 'leave_room' }, undefined, 'data must be the name of a room'],
    ['a room that there is not', { event: 'join_room', data: 'anything' }, undefined, 'Room not found'],
    ['a monitor that there is not', { event: 'join_room', data: `monitor:${NOBODY}` }, undefined, 'Room not found'],
    ['an empty monitor', { event: 'join_room', data: 'monitor:' }, undefined, 'Room not found'],
    ['an id that is neither text nor number', { event: 'nonsense', id: {} }, undefined, 'Unknown event'],
  ])('answers %s with an error, and goes on', async (_what, message, id, text) => {
    const client = await open();

    await expect(client.ask(message)).resolves.toEqual({ event: 'error', data: { message: text }, ...(id && { id }) });
    await expect(client.ask({ event: 'ping' })).resolves.toEqual(PONG);
  });

  it('closes a socket that sends binary', async () => {
    const client = await open();
    client.send(Buffer.from('{"event":"ping"}'));

    await expect(client.closed).resolves.toEqual({ code: 1003, reason: 'Messages are text' });
  });

  it('takes 64 KiB, and closes a socket that sends more', async () => {
    const client = await open();
    const message = (length: number) => JSON.stringify({ event: 'ping', data: '' }).padEnd(length);

    await expect(client.ask(message(64 * 1024))).resolves.toEqual(PONG);
    client.send(message(64 * 1024 + 1));

    await expect(client.closed).resolves.toMatchObject({ code: 1009 });
  });

  it('answers the 21st message of a second with an error', async () => {
    const client = await open();
    for (let id = 1; id <= 21; id++) client.send({ event: 'ping', id });

    const answers = await client.inbox.take(21);
    expect(answers.filter(({ event }) => event === 'ack')).toHaveLength(20);
    expect(answers).toContainEqual({ event: 'error', data: { message: 'Too many messages' }, id: 21 });
  });

  it('closes a socket that sends more than a hundred messages in a second', async () => {
    const client = await open();
    await client.ask({ event: 'ping' });
    for (let id = 1; id <= 100; id++) client.send({ event: 'ping', id });

    await expect(client.closed).resolves.toEqual({ code: 1008, reason: 'Too many messages' });
  });

  it.each([
    ['an unmasked frame', Buffer.from([0x81, 0x01, 0x41])],
    ['a reserved bit', Buffer.from([0xf1, 0x80, 0, 0, 0, 0])],
    ['text that is no UTF-8', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])],
    ['a control frame that is too long', Buffer.from([0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0])],
  ])('survives %s', async (_what, bytes) => {
    const witness = await open();
    const raw = connect(Number(new URL(app.url).port), '127.0.0.1');
    raw.write(
      `GET /api/v1/ws?token=${token} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await once(raw, 'data');
    raw.write(bytes);
    raw.resume();
    await once(raw, 'end');
    raw.destroy();

    await expect(witness.ask({ event: 'ping' })).resolves.toEqual(PONG);
  });

  it('answers pings of the protocol', async () => {
    const client = await open();
    const pong = once(client.socket, 'pong');
    client.socket.ping('are you there');

    await expect(pong).resolves.toEqual([Buffer.from('are you there')]);
  });
});

describe('rooms', () => {
  it('sends every heartbeat to monitor:all, as the REST API shows it', async () => {
    const client = await openIn('monitor:all');
    const first = announce(app, { monitorId });
    const second = announce(app, { monitorId: otherId, message: 'a "quote", €, 🙂 and \u2028' });

    await expect(client.inbox.take(2)).resolves.toEqual(
      [first, second].map((beat) => ({ event: 'monitor:all:heartbeat', data: sampleHeartbeatView(beat) })),
    );
  });

  it('sends a room only what is about its monitor', async () => {
    const client = await openIn(`monitor:${monitorId}`);
    announce(app, { monitorId: otherId });
    const beat = announce(app, { monitorId });

    await expect(client.next()).resolves.toEqual({
      event: `monitor:${monitorId}:heartbeat`,
      data: sampleHeartbeatView(beat),
    });
  });

  it('tells a socket in both rooms first as the monitor, then as all', async () => {
    const client = await openIn('monitor:all', `monitor:${monitorId}`);
    const data = sampleHeartbeatView(announce(app, { monitorId }));

    await expect(client.inbox.take(2)).resolves.toEqual([
      { event: `monitor:${monitorId}:heartbeat`, data },
      { event: 'monitor:all:heartbeat', data },
    ]);
  });

  it('sends nothing of a room that was left', async () => {
    const client = await openIn('monitor:all', `monitor:${monitorId}`);
    await client.ask({ event: 'leave_room', data: 'monitor:all' });
    announce(app, { monitorId });

    await expect(client.next()).resolves.toMatchObject({ event: `monitor:${monitorId}:heartbeat` });
    await expect(client.ask({ event: 'ping' })).resolves.toEqual(PONG);
  });

  it('acknowledges leaving a room that was never joined', async () => {
    const client = await open();

    await expect(client.ask({ event: 'leave_room', data: 'anything', id: 1 })).resolves.toEqual({
      event: 'ack',
      data: { room: 'anything' },
      id: 1,
    });
  });

  it('sends a pushed heartbeat within a second', async () => {
    const client = await openIn('monitor:all');
    await api.post('/monitors', pushBody('nightly-job'));
    await expect(client.next()).resolves.toMatchObject({ event: 'monitor.created' });
    const start = performance.now();
    await api.send({ method: 'GET', path: '/api/v1/push/nightly-job?status=up&msg=hello&ping=7' });

    await expect(client.next()).resolves.toEqual({
      event: 'monitor:all:heartbeat',
      data: {
        id: AN_ID,
        monitor_id: AN_ID,
        status: 1,
        msg: 'hello',
        ping: 7,
        duration: 0,
        down_count: 0,
        retries: 0,
        important: true,
        time: A_TIME,
        end_time: A_TIME,
        notified: false,
      },
    });
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('tells monitor:all of monitors that are created, changed and deleted', async () => {
    const client = await openIn('monitor:all');
    const { id } = (await api.post('/monitors', monitorBody({ name: 'Blog' }))).body.data;
    await api.patch(`/monitors/${id}`, { name: 'Blog 2' });
    await api.delete(`/monitors/${id}`);

    await expect(client.inbox.take(3)).resolves.toEqual([
      { event: 'monitor.created', data: { id, name: 'Blog', status: 1 } },
      { event: 'monitor.updated', data: { id, name: 'Blog 2', status: 1 } },
      { event: 'monitor.deleted', data: { id } },
    ]);
  });

  it('tells the room of a monitor that it is changed', async () => {
    const client = await openIn(`monitor:${otherId}`);
    await api.patch(`/monitors/${otherId}`, { name: 'Shop 2' });

    await expect(client.next()).resolves.toEqual({
      event: 'monitor.updated',
      data: { id: otherId, name: 'Shop 2', status: 1 },
    });
  });

  it('tells of a status that changes', async () => {
    const client = await openIn(`monitor:${monitorId}`);
    const monitor = { id: monitorId, name: 'Mail relay', status: 'down' as const, previous: 'up' as const };
    app.get(EventBus).publish('monitor.status.changed', monitor, monitorId);

    await expect(client.next()).resolves.toEqual({
      event: 'monitor.status.changed',
      data: { id: monitorId, name: 'Mail relay', status: 0 },
    });
  });
});

describe('care', () => {
  it('closes a socket that does not read with 1013, and serves the others', async () => {
    const slow = await openIn('monitor:all');
    const reader = await openIn(`monitor:${otherId}`);
    slow.socket.pause();
    // More than the operating system buffers for one connection.
    for (let i = 0; i < 12_000; i++) announce(app, { monitorId, message: '€'.repeat(1000) });
    await eventuallyFlushed(reader);
    announce(app, { monitorId });
    await eventuallyFlushed(reader);
    slow.socket.resume();

    await expect(slow.closed).resolves.toEqual({ code: 1013, reason: 'Too slow' });
  });

  /** Heartbeats leave in the order of time, so whoever got this one got, or was refused, those before. */
  async function eventuallyFlushed(reader: LiveClient): Promise<void> {
    announce(app, { monitorId: otherId });
    await expect(reader.next()).resolves.toMatchObject({ event: `monitor:${otherId}:heartbeat` });
  }

  it('answers an upgrade of any other path with 404', async () => {
    await expect(LiveClient.open(app, '/api/v1/other')).rejects.toThrow('refused 404');
    await expect(LiveClient.open(app, '/api/v1/ws/more')).rejects.toThrow('refused 404');
  });

  it('says goodbye when the server stops', async () => {
    const server = await startApp();
    const { signedIn } = await signUp(server);
    const client = await LiveClient.open(server, `/api/v1/ws?token=${signedIn.body.data.accessToken}`);
    await client.ask({ event: 'ping' });
    await server.close();

    await expect(client.closed).resolves.toEqual({ code: 1001, reason: 'Server is shutting down' });
  });
});
