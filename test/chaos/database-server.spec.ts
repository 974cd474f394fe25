import { ResultQueue } from '@app/core';
import { Api, signUp } from '../support/api';
import type { SuiteApi } from '../support/api';
import { startApp } from '../support/app';
import type { RunningApp } from '../support/app';
import { createDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import { Watched, httpConfig } from '../support/engine';
import { engineUnderTest } from '../support/engines';
import { eventually } from '../support/eventually';
import { pushBody, webhookBody } from '../support/monitors';
import { PrivateServer } from '../support/private-server';
import { useServerFolder } from '../support/server-process';
import { HttpSink } from '../support/sinks/http-sink';

const engine = engineUnderTest();
const UNAVAILABLE = { status: 503, body: { message: expect.any(String), data: null } };
const isReady = (api: Api) => api.get('/health/ready').then(({ status }) => status === 200);

/** The database server goes away and comes back, with a real one. */
describe('while the database server is away', () => {
  let server: PrivateServer;
  let database: TestDatabase;
  let app: RunningApp;
  let api: SuiteApi;
  let target: HttpSink;
  let hook: HttpSink;

  beforeAll(async () => {
    [server, target, hook] = await Promise.all([PrivateServer.start(engine), HttpSink.start(), HttpSink.start()]);
    database = await createDatabase(engine, server.url);
    app = await startApp({ database });
    const signedIn = await signUp(app);
    api = Object.assign(signedIn.api, { app }) as SuiteApi;
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await Promise.all([server.close(), target.stop(), hook.stop()]);
  });

  it.each(['stop', 'kill'] as const)(
    'after a %s: reads are 503, checks go on, and what they found is stored once it is back',
    async (end) => {
      const anyone = new Api(app);
      const channel = await api.post('/notification-channels', webhookBody(hook.url));
      const told = { notification_ids: [channel.body.data.id as string] };
      target.reset();
      const monitor = await Watched.create(api, { type: 'http', config: httpConfig(target.url), ...told });
      await monitor.seen(1);
      await monitor.hasten({ interval: 1, retryInterval: 1, timeout: 1 });
      await monitor.seen(2);
      const token = `job-${end}`;
      const push = (await api.post('/monitors', pushBody(token, told))).body.data.id as string;
      await expect(anyone.get(`/push/${token}`)).resolves.toMatchObject({ status: 200 });

      await server[end]();

      const before = target.requests.length;
      const read = await api.get('/monitors');
      expect(read).toEqual(UNAVAILABLE);
      expect(read.headers['retry-after']).toMatch(/^\d+$/);
      await expect(api.post('/tags', { name: token, color: '#ffffff' })).resolves.toEqual(UNAVAILABLE);
      await expect(anyone.post('/auth/login', { email: 'a@b.test', password: 'x' })).resolves.toEqual(UNAVAILABLE);
      const pushed = await anyone.get(`/push/${token}`);
      expect(pushed).toEqual(UNAVAILABLE);
      expect(pushed.headers['retry-after']).toMatch(/^\d+$/);
      await expect(anyone.get('/health')).resolves.toMatchObject({ status: 200 });
      await expect(anyone.get('/health/ready')).resolves.toMatchObject({
        status: 503,
        body: { status: 'unavailable', dependencies: { database: { status: 'unavailable' }, queue: { status: 'ok' } } },
      });
      await eventually('checks go on', () => target.requests.length >= before + 3);

      await server.resume();

      await eventually('it is ready', () => isReady(anyone), Boolean, 20_000);
      await eventually(
        'a push is taken',
        () => anyone.get(`/push/${token}`),
        ({ status }) => status === 200,
        20_000,
      );
      await api.patch(`/monitors/${monitor.id}`, { active: false });
      await eventually(
        'all results are stored',
        () => app.get(ResultQueue).depth(),
        (depth) => depth === 0,
      );
      const beats = await eventually(
        'each check has its beat',
        () => monitor.beats(),
        (seen) => seen.length === target.requests.length,
      );
      expect(beats.map(({ status }) => status)).toEqual(beats.map(() => 1));
      const times = beats.map(({ time }) => time);
      expect(times).toEqual([...new Set(times)].sort());
      const pushes = await api.get(`/monitors/${push}/heartbeats`);
      expect((pushes.body.data as { status: number }[]).map(({ status }) => status)).toEqual([1, 1]);
      await api.delete(`/monitors/${push}`);
      expect(hook.requests).toEqual([]);
    },
    90_000,
  );
});

describe('a server process', () => {
  const folder = useServerFolder();
  let server: PrivateServer;
  let database: TestDatabase;
  beforeAll(async () => {
    server = await PrivateServer.start(engine);
  }, 60_000);
  afterAll(() => server.close());
  beforeEach(async () => {
    database = await createDatabase(engine, server.url);
  });
  afterEach(() => database.drop());

  it('survives a database that crashes under load: what it confirmed is there, once', async () => {
    const process = await folder.start(database.env);
    const { api } = await signUp(process);
    const id = (await api.post('/monitors', pushBody('load'))).body.data.id as string;
    const confirmed: string[] = [];
    let refused = 0;
    let running = true;
    let next = 0;
    const load = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (running) {
          const message = `push-${next++}`;
          const { status } = await new Api(process).get(`/push/load?msg=${message}`);
          if (status === 200) confirmed.push(message);
          else if (status === 503) refused += 1;
          else throw new Error(`a push answered ${status}`);
        }
      }),
    );
    await eventually('the load is on', () => confirmed.length >= 100);

    await server.kill();
    await eventually('pushes are refused', () => refused > 0);
    await server.resume();
    const sofar = confirmed.length;
    await eventually('pushes are taken again', () => confirmed.length >= sofar + 100, Boolean, 30_000);
    running = false;
    await load;

    const stored: string[] = [];
    for (let page = 0; stored.length === page * 1000; page += 1) {
      const { body } = await api.get(`/monitors/${id}/heartbeats?limit=1000&page=${page}`);
      stored.push(...(body.data as { msg: string }[]).map(({ msg }) => msg));
    }
    expect(new Set(stored).size).toBe(stored.length);
    expect(confirmed.filter((message) => !stored.includes(message))).toEqual([]);
    process.signal('SIGTERM');
    await expect(process.ended()).resolves.toBe(0);
  }, 120_000);

  it('ends in order although the database is away', async () => {
    const process = await folder.start(database.env);

    await server.stop();
    await eventually('it is not ready', async () => !(await isReady(new Api(process))));
    process.signal('SIGTERM');

    await expect(process.ended()).resolves.toBe(0);
    await server.resume();
  }, 60_000);

  it('is not started while the database is away, and says so in one line without the password', async () => {
    await server.stop();
    const process = await folder.spawn(database.env);
    const code = await process.ended(60_000);
    await server.resume();

    const reason = process.lines.filter((line) => !line.startsWith('{'));
    expect(code).toBe(1);
    expect(reason).toEqual([expect.stringContaining(`${database.env.DB_HOST}:${database.env.DB_PORT}`)]);
    if (database.env.DB_PASS) expect(process.lines.join()).not.toContain(database.env.DB_PASS);
  }, 90_000);
});
