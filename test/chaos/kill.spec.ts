import Database from 'better-sqlite3';
import { Api, signUp } from '../support/api';
import { httpConfig } from '../support/engine';
import { setAll } from '../support/databases';
import { eventually } from '../support/eventually';
import { monitorBody, pushBody, webhookBody } from '../support/monitors';
import { useServerFolder } from '../support/server-process';
import type { ServerProcess } from '../support/server-process';
import { HttpSink } from '../support/sinks/http-sink';

/** kill -9: what was acknowledged is there, and nothing is told twice. */
describe('a server that is killed', () => {
  const folder = useServerFolder();
  let sink: HttpSink;
  beforeAll(async () => void (sink = await HttpSink.start()));
  afterAll(() => sink.stop());
  beforeEach(() => sink.reset());

  /** What SQLite says of its file, while no server has it; other engines look after their files themselves. */
  function checkFile(): unknown {
    if (folder.place.engine !== 'sqlite') return 'ok';
    const database = new Database(folder.database);
    try {
      return database.pragma('integrity_check', { simple: true });
    } finally {
      database.close();
    }
  }
  const restart = async (token: string) => {
    const server = await folder.start();
    return { server, api: new Api(server).as(token) };
  };
  const first = async () => {
    const server = await folder.start();
    const { api, signedIn } = await signUp(server);
    return { server, api, token: signedIn.body.data.accessToken as string };
  };
  const idOf = async (api: Api, path: string, body: object) => (await api.post(path, body)).body.data.id as string;
  const calls = () =>
    sink.requests.map(({ body }) => (JSON.parse(body) as { heartbeat: { status: number } }).heartbeat.status);
  const called = (count: number) => eventually(`${count} calls`, calls, (seen) => seen.length >= count);

  /** Pushes numbered messages, twenty at once, until the server is gone. @returns those it acknowledged */
  async function pushUntilGone(server: ServerProcess, enough: number, end: () => void, prefix: string) {
    const acknowledged: string[] = [];
    let next = 0;
    let gone = false;
    const push = async () => {
      while (!gone) {
        const message = `${prefix}-${next++}`;
        const answer = await new Api(server).get(`/push/load?msg=${message}`).catch(() => null);
        if (answer?.status === 200) acknowledged.push(message);
        else gone = true;
        if (acknowledged.length === enough) end();
      }
    };
    await Promise.all(Array.from({ length: 20 }, push));
    return { acknowledged, sent: next };
  }

  it('in the middle of pushes keeps each acknowledged one, once', async () => {
    const { server, api, token } = await first();
    const id = await idOf(api, '/monitors', pushBody('load'));

    const one = await pushUntilGone(server, 300, () => server.signal('SIGKILL'), 'one');
    await server.ended();
    const second = await restart(token);
    const two = await pushUntilGone(second.server, 300, () => second.server.signal('SIGKILL'), 'two');
    await second.server.ended();
    expect(checkFile()).toBe('ok');
    const last = await restart(token);

    const pages = await Promise.all(
      [0, 1].map((page) => last.api.get(`/monitors/${id}/heartbeats?limit=1000&page=${page}`)),
    );
    const stored = pages.flatMap(({ body }) => (body.data as { msg: string }[]).map(({ msg }) => msg));
    const counts = new Map<string, number>();
    for (const message of stored) counts.set(message, (counts.get(message) ?? 0) + 1);
    const acknowledged = [...one.acknowledged, ...two.acknowledged];
    expect(acknowledged.filter((message) => counts.get(message) !== 1)).toEqual([]);
    expect(Math.max(...counts.values())).toBe(1);
    expect(stored.length).toBeLessThanOrEqual(one.sent + two.sent);
    const uptime = await last.api.get(
      `/monitors/${id}/stats/points?since=${new Date(Date.now() - 600_000).toISOString()}`,
    );
    const counted = (uptime.body.data.points as { up: number }[]).reduce((sum, { up }) => sum + up, 0);
    expect(counted).toBe(stored.length);
  }, 60_000);

  it('while a monitor is down does not tell it again, but tells the end', async () => {
    const { server, api, token } = await first();
    const channel = await idOf(api, '/notification-channels', webhookBody(sink.url));
    await idOf(api, '/monitors', pushBody('job', { notification_ids: [channel] }));
    await new Api(server).get('/push/job?status=down&msg=broken');
    await called(1);
    await eventually('the message is logged as delivered', () =>
      server.lines.some((line) => line.includes('Notification delivered')),
    );

    await server.kill();
    const again = await restart(token);
    await new Api(again.server).get('/push/job?status=down&msg=still');
    await new Api(again.server).get('/push/job?status=up&msg=fine');
    await called(2);

    expect(calls()).toEqual([0, 1]);
  }, 60_000);

  it('between storing and sending sends after its restart, with the same key', async () => {
    const { server, api, token } = await first();
    const channel = await idOf(api, '/notification-channels', webhookBody(sink.url));
    await idOf(api, '/monitors', pushBody('job', { notification_ids: [channel] }));
    sink.answers.push('silent');
    await new Api(server).get('/push/job?status=down&msg=broken');
    await called(1);

    await server.kill();
    await setAll(folder.place, 'deliveries', { dueAt: new Date(0) }); // as a minute later
    const again = await restart(token);
    await called(2);
    await eventually('the message is logged as delivered', () =>
      again.server.lines.some((line) => line.includes('Notification delivered')),
    );

    const keys = sink.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(calls()).toEqual([0, 0]);
  }, 60_000);

  it('goes on checking every monitor after its restart, and no paused one', async () => {
    const { server, api, token } = await first();
    const create = (values: object) =>
      idOf(api, '/monitors', monitorBody({ type: 'http', config: httpConfig(sink.url), ...values }));
    const ids = await Promise.all(Array.from({ length: 10 }, (_, i) => create({ name: `monitor ${i}`, active: true })));
    const paused = await create({ active: false });
    await eventually('each is checked once', () => sink.requests.length === 10);

    await server.kill();
    await setAll(folder.place, 'monitors', { interval: 1 });
    const again = await restart(token);

    const beats = (id: string) =>
      again.api.get(`/monitors/${id}/heartbeats`).then(({ body }) => body.data as { status: number }[]);
    for (const id of ids) {
      await eventually(
        'it is checked again and again',
        () => beats(id),
        (seen) => seen.length >= 3,
      );
      expect((await beats(id)).every(({ status }) => status === 1)).toBe(true);
    }
    await expect(beats(paused)).resolves.toEqual([]);
  }, 60_000);

  it('gives push monitors an interval of grace after its restart', async () => {
    const { server, api, token } = await first();
    const id = await idOf(api, '/monitors', pushBody('job'));
    await new Api(server).get('/push/job');

    await server.kill();
    // The last push is long ago, because nobody could take one since.
    await setAll(folder.place, 'monitors', { interval: 1, activeSince: new Date(0) });
    await setAll(folder.place, 'monitor_states', { lastPushAt: 0 });
    const startedAt = Date.now();
    const again = await restart(token);

    const newest = await eventually(
      'the missing push is noticed',
      async () =>
        (await again.api.get(`/monitors/${id}/heartbeats?limit=1`)).body.data[0] as {
          status: number;
          msg: string;
          time: string;
        },
      ({ status }) => status === 0,
    );
    expect(newest.msg).toBe('No push received in time');
    expect(Date.parse(newest.time) - startedAt).toBeGreaterThan(2000);
  }, 60_000);
});
