import { EventBus, MINUTE } from '@app/core';
import { io } from 'socket.io-client';
import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';
import { ADMIN, Api, send, signUp } from '../support/api';
import { useApp } from '../support/app';
import { FakeClock } from '../support/clock';
import { announce, sampleHeartbeatView } from '../support/heartbeats';
import { Inbox } from '../support/inbox';
import { LiveClient } from '../support/live-client';
import { monitorBody } from '../support/monitors';
import { NOBODY } from '../support/wire';

const clock = new FakeClock();
const app = useApp({ clock });
let token: string;
let monitorId: string;
let otherId: string;
const clients: IoClient[] = [];
const raws: LiveClient[] = [];

beforeAll(async () => {
  const admin = await signUp(app);
  token = admin.signedIn.body.data.accessToken;
  monitorId = (await admin.api.post('/monitors', monitorBody())).body.data.id;
  otherId = (await admin.api.post('/monitors', monitorBody())).body.data.id;
});

afterEach(async () => {
  clients.splice(0).forEach(({ socket }) => socket.disconnect());
  await Promise.all(raws.splice(0).map((raw) => raw.close()));
});

/** The client that the web application uses. */
class IoClient {
  readonly inbox = new Inbox<unknown[]>();

  constructor(readonly socket: Socket) {
    socket.onAny((...args: unknown[]) => this.inbox.put(args));
  }

  /** Rooms are not acknowledged, so this waits until the server has joined them. */
  async join(...rooms: string[]): Promise<void> {
    for (const room of rooms) this.socket.emit('join_room', room);
    await settled();
  }
}

/** Until the server has handled what was sent to it before: one who joins later gets what is announced. */
async function settled(): Promise<void> {
  const probe = await connected();
  probe.socket.emit('join_room', `monitor:${otherId}`);
  const seen = probe.inbox.next();
  let isSeen = false;
  void seen.then(() => (isSeen = true));
  while (!isSeen) {
    announce(app, { monitorId: otherId });
    await new Promise(setImmediate);
  }
  probe.socket.disconnect();
}

/** What comes with the next such event; socket.io's emitters are not Node's. */
function happens(emitter: { once(event: string, listener: (...args: unknown[]) => void): unknown }, event: string) {
  return new Promise<unknown[]>((resolve) => emitter.once(event, (...args) => resolve(args)));
}

function open(options: Partial<ManagerOptions & SocketOptions> = {}, namespace = ''): IoClient {
  const socket = io(`${app.url}${namespace}`, {
    transports: ['websocket'],
    query: { token },
    forceNew: true,
    reconnection: false,
    ...options,
  });
  const client = new IoClient(socket);
  clients.push(client);
  return client;
}

async function connected(options: Partial<ManagerOptions & SocketOptions> = {}): Promise<IoClient> {
  const client = open(options);
  await happens(client.socket, 'connect');
  return client;
}

async function refusal(client: IoClient): Promise<{ message: string; data: unknown }> {
  const [{ message, data }] = (await happens(client.socket, 'connect_error')) as [{ message: string; data: unknown }];
  return { message, data };
}

/** A WebSocket that speaks the protocol by hand, connected to the default namespace. */
async function openRaw(): Promise<LiveClient> {
  const raw = await LiveClient.open(app, `/socket.io/?EIO=4&transport=websocket&token=${token}`);
  raws.push(raw);
  await expect(raw.next()).resolves.toMatch(/^0\{/);
  await expect(raw.ask('40')).resolves.toMatch(/^40\{"sid":/);
  return raw;
}

async function rawJoins(raw: LiveClient, room: string): Promise<void> {
  raw.send(`42["join_room","${room}"]`);
  await settled();
}

describe('connecting', () => {
  it('lets in who brings an access token in the query', async () => {
    await expect(connected()).resolves.toBeDefined();
  });

  it('upgrades from polling', async () => {
    const client = open({ transports: ['polling', 'websocket'] });
    await happens(client.socket.io.engine, 'upgrade');
    await client.join(`monitor:${monitorId}`);
    const data = sampleHeartbeatView(announce(app, { monitorId }));

    await expect(client.inbox.next()).resolves.toEqual([`monitor:${monitorId}:heartbeat`, data]);
  });

  it('serves a client that only polls', async () => {
    const client = await connected({ transports: ['polling'] });
    await client.join(`monitor:${monitorId}`);
    const beats = [announce(app, { monitorId }), announce(app, { monitorId })];

    await expect(client.inbox.take(2)).resolves.toEqual(
      beats.map((beat) => [`monitor:${monitorId}:heartbeat`, sampleHeartbeatView(beat)]),
    );
  });

  it.each([
    ['no token', { query: {} }, { message: 'access_token is required', data: 'test' }],
    [
      'a token in the auth payload',
      { query: {}, auth: { token: 'x' } },
      { message: 'access_token is required', data: 'test' },
    ],
    ['an empty token', { query: { token: '' } }, { message: 'Unauthorized', data: null }],
    ['garbage', { query: { token: 'x' } }, { message: 'Unauthorized', data: null }],
  ])('refuses who brings %s', async (_what, options, expected) => {
    await expect(refusal(open(options))).resolves.toEqual(expected);
  });

  it('refuses a refresh token and a token with its scheme', async () => {
    const { refreshToken } = (await new Api(app).post('/auth/login', ADMIN)).body.data;

    for (const bad of [refreshToken, `Bearer ${token}`]) {
      await expect(refusal(open({ query: { token: bad } }))).resolves.toEqual({ message: 'Unauthorized', data: null });
    }
  });

  it('has only the default namespace', async () => {
    await expect(refusal(open({}, '/admin'))).resolves.toEqual({ message: 'Invalid namespace', data: undefined });
  });

  it('refuses WebSockets from foreign origins', async () => {
    const path = `/socket.io/?EIO=4&transport=websocket&token=${token}`;

    await expect(LiveClient.open(app, path, { origin: 'http://evil.test' })).rejects.toThrow('refused 403');
    const allowed = await LiveClient.open(app, path, { origin: 'http://localhost:3000' });
    await expect(allowed.next()).resolves.toMatch(/^0\{/);
    await allowed.close();
  });

  it.each([
    ['/socket.io/?EIO=3&transport=websocket', 'refused 400'],
    ['/socket.io/?EIO=4&transport=carrier', 'refused 400'],
    ['/socket.io/?EIO=4&transport=websocket&sid=nope', 'refused 400'],
    ['/socket.io?EIO=4&transport=websocket', 'refused 404'],
  ])('refuses an upgrade of %s', async (path, reason) => {
    await expect(LiveClient.open(app, path)).rejects.toThrow(reason);
  });

  it('closes a socket that connects twice before it is let in', async () => {
    const raw = await LiveClient.open(app, `/socket.io/?EIO=4&transport=websocket&token=${token}`);
    raw.send('40');
    raw.send('40');

    await expect(raw.closed).resolves.toEqual({ code: 1006, reason: '' });
  });
});

describe('CORS of polling', () => {
  const path = '/socket.io/?EIO=4&transport=polling';
  const from = (origin: string) => send(app.url, { method: 'GET', path, headers: { origin } });

  it('is for the origins of CLIENT_URL', async () => {
    const { headers } = await from('http://localhost:3000');

    expect(headers).toMatchObject({
      'access-control-allow-origin': 'http://localhost:3000',
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    });
  });

  it('is for nobody else', async () => {
    const { headers } = await from('http://evil.test');

    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('heartbeats', () => {
  it('arrive in monitor:all and in the room of the monitor, that room first', async () => {
    const client = await connected();
    await client.join('monitor:all', `monitor:${monitorId}`);
    const beat = announce(app, { monitorId, message: 'ünï 🙂' });

    const received = [];
    while (received.length < 2) {
      const [event, view] = (await client.inbox.next()) as [string, { id: string }];
      if (view.id === beat.id) received.push([event, view]);
    }
    const view = sampleHeartbeatView(beat);
    expect(received).toEqual([
      [`monitor:${monitorId}:heartbeat`, view],
      ['monitor:all:heartbeat', view],
    ]);
  });

  it('reach both kinds of sockets on one port', async () => {
    const client = await connected();
    await client.join(`monitor:${monitorId}`);
    const live = await LiveClient.open(app, `/api/v1/ws?token=${token}`);
    await live.ask({ event: 'join_room', data: `monitor:${monitorId}` });
    const data = sampleHeartbeatView(announce(app, { monitorId }));
    const event = `monitor:${monitorId}:heartbeat`;

    await expect(client.inbox.next()).resolves.toEqual([event, data]);
    await expect(live.next()).resolves.toEqual({ event, data });
    await live.close();
  });

  it('are all that is sent', async () => {
    const client = await connected();
    await client.join(`monitor:${monitorId}`);
    const monitor = { id: monitorId, name: 'x', status: 'up' as const };
    app.get(EventBus).publish('monitor.updated', monitor, monitorId);
    announce(app, { monitorId });

    await expect(client.inbox.next()).resolves.toEqual([`monitor:${monitorId}:heartbeat`, expect.anything()]);
  });

  it('stop when the room is left', async () => {
    const client = await connected();
    await client.join(`monitor:${monitorId}`);
    client.socket.emit('leave_room', `monitor:${monitorId}`);
    await client.join(`monitor:${otherId}`);
    announce(app, { monitorId });
    const beat = announce(app, { monitorId: otherId, message: 'last' });

    const received = [];
    do received.push(await client.inbox.next());
    while ((received.at(-1)![1] as { id: string }).id !== beat.id);
    expect(received.map(([event]) => event)).not.toContain(`monitor:${monitorId}:heartbeat`);
  });
});

describe('what clients send', () => {
  it.each([
    '42["join_room",5]',
    '42["join_room"]',
    '42["join_room",null]',
    '42["leave_room",{}]',
    '42["leave_room"]',
    '42["join_room",""]',
    `42["join_room","monitor:${NOBODY}"]`,
    '42["join_room","anything at all"]',
    '42["nonsense",1]',
    '421["join_room","monitor:all"]',
    '422["nonsense"]',
  ])('%s is not answered, and the socket goes on', async (packet) => {
    const raw = await openRaw();
    raw.send(packet);
    await rawJoins(raw, `monitor:${monitorId}`);
    announce(app, { monitorId });

    let next = (await raw.next()) as string;
    while (next.startsWith('42["monitor:all:heartbeat"')) next = (await raw.next()) as string;
    expect(next).toMatch(`42["monitor:${monitorId}:heartbeat",`);
  });

  it.each(['42[5]', '42{}', '42[]', 'zzz', '42["join_room"', '40', '2', '4zzz', '45'])(
    '%s closes the socket, and only that',
    async (packet) => {
      const witness = await openRaw();
      const raw = await openRaw();
      raw.send(packet);

      await expect(raw.closed).resolves.toEqual({ code: 1006, reason: '' });
      await rawJoins(witness, `monitor:${monitorId}`);
      announce(app, { monitorId });
      await expect(witness.next()).resolves.toMatch(/^42\["monitor:/);
    },
  );

  it('an event before connecting closes the socket', async () => {
    const raw = await LiveClient.open(app, `/socket.io/?EIO=4&transport=websocket&token=${token}`);
    raw.send('42["join_room","monitor:all"]');

    await expect(raw.closed).resolves.toEqual({ code: 1006, reason: '' });
  });

  it('more than a megabyte closes the socket', async () => {
    const raw = await openRaw();
    raw.send(`42["join_room","${'x'.repeat(1_000_000)}"]`);

    await expect(raw.closed).resolves.toMatchObject({ code: 1009 });
  });
});

describe('care', () => {
  it('cuts sockets when their session ends, so that the client comes back and is refused', async () => {
    const { accessToken } = (await new Api(app).post('/auth/login', ADMIN)).body.data;
    const client = await connected({ query: { token: accessToken }, reconnection: true, reconnectionDelay: 1 });
    const staying = await connected();
    const reason = happens(client.socket, 'disconnect');
    await new Api(app).as(accessToken).post('/auth/logout');

    await expect(reason).resolves.toContain('transport close');
    await expect(refusal(client)).resolves.toEqual({ message: 'Unauthorized', data: null });
    expect(staying.socket.connected).toBe(true);
  });

  it('cuts a client that polls when its session ends', async () => {
    const { accessToken } = (await new Api(app).post('/auth/login', ADMIN)).body.data;
    const client = await connected({ query: { token: accessToken }, transports: ['polling'] });
    const reason = happens(client.socket, 'disconnect');
    await new Api(app).as(accessToken).post('/auth/logout');

    // Whether it was polling at that moment decides what it is told.
    await expect(reason).resolves.toContainEqual(expect.stringMatching(/^transport (?:close|error)$/));
  });

  it('cuts a socket that does not read, and serves the others', async () => {
    const slow = await openRaw();
    await rawJoins(slow, `monitor:${monitorId}`);
    const reader = await connected();
    await reader.join(`monitor:${otherId}`);
    slow.socket.pause();
    for (let i = 0; i < 12_000; i++) announce(app, { monitorId, message: '€'.repeat(1000) });
    await settled();
    announce(app, { monitorId });
    await settled();
    slow.socket.resume();

    await expect(slow.closed).resolves.toMatchObject({ code: 1006 });
    expect(reader.socket.connected).toBe(true);
  });

  it('forgets a client that polls no more', async () => {
    const sid = await pollingSession();
    await post(sid, `42["join_room","monitor:${monitorId}"]`);
    await settled();
    for (let i = 0; i < 1200; i++) announce(app, { monitorId, message: 'x'.repeat(1000) });
    await settled();
    announce(app, { monitorId });
    await settled();

    await expect(poll(sid)).resolves.toMatchObject({ status: 400, body: { code: 1, message: 'Session ID unknown' } });
  });

  it('cuts sockets when their token expires', async () => {
    const client = await connected();
    const reason = happens(client.socket, 'disconnect');
    clock.advance(16 * MINUTE);

    await expect(reason).resolves.toContain('transport close');
  });

  const poll = (sid: string) =>
    send(app.url, { method: 'GET', path: `/socket.io/?EIO=4&transport=polling&sid=${sid}` });
  const post = (sid: string, text: string) =>
    send(app.url, { method: 'POST', path: `/socket.io/?EIO=4&transport=polling&sid=${sid}`, text });

  async function pollingSession(): Promise<string> {
    const path = `/socket.io/?EIO=4&transport=polling&token=${token}`;
    const opened = await send(app.url, { method: 'GET', path });
    const { sid } = JSON.parse((opened.body as string).slice(1)) as { sid: string };
    await post(sid, '40');
    await poll(sid);
    return sid;
  }
});
