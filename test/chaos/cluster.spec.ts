import { newId } from '@app/core';
import Database from 'better-sqlite3';
import { Api, signUp } from '../support/api';
import { httpConfig } from '../support/engine';
import { eventually } from '../support/eventually';
import { monitorBody, webhookBody } from '../support/monitors';
import { describeRedis } from '../support/redis';
import { useServerFolder } from '../support/server-process';
import type { ServerProcess } from '../support/server-process';
import { HttpSink } from '../support/sinks/http-sink';

const MONITORS = 12;
const PATIENCE_MS = 60_000;

jest.setTimeout(240_000);

interface Beat {
  time: string;
  status: number;
}

/** The services over Redis, on one file, killed one after the other while a target goes down and comes back. */
describeRedis('services that are killed', (redisUrl) => {
  const folder = useServerFolder();
  let target: HttpSink;
  let hook: HttpSink;
  beforeAll(async () => {
    target = await HttpSink.start();
    hook = await HttpSink.start();
  });
  afterAll(() => Promise.all([target.stop(), hook.stop()]));

  /** The API takes no interval below 20 s. */
  const hasten = (seconds: number) => {
    const database = new Database(folder.database, { timeout: 10_000 });
    database.prepare('UPDATE monitors SET interval = ?, retry_interval = ?, timeout = 1').run(seconds, seconds);
    database.close();
  };

  it('lose no outage, double no beat and send each message once', async () => {
    const { hostname, port } = new URL(redisUrl);
    const env = {
      REDIS_HOST: hostname,
      REDIS_PORT: port,
      REDIS_KEY_PREFIX: `test-${newId()}`,
      QUEUE_SECRET: 'a secret for the queue',
      DB_MIGRATE: 'auto',
    };
    const services = new Map<string, ServerProcess>();
    const start = async (app: string) => services.set(app, await folder.start(env, app));
    const kill = async (app: string) => {
      await services.get(app)!.kill();
      await start(app);
    };

    await start('api');
    const { api, signedIn } = await signUp(services.get('api')!);
    const channel = (await api.post('/notification-channels', webhookBody(hook.url))).body.data.id as string;
    const ids: string[] = [];
    for (let i = 0; i < MONITORS; i++) {
      const body = monitorBody({
        type: 'http',
        name: `Target ${i}`,
        config: httpConfig(`${target.url}/${i}`),
        active: true,
        max_retries: 0,
        notification_ids: [channel],
      });
      ids.push((await api.post('/monitors', body)).body.data.id as string);
    }
    hasten(1);
    await Promise.all(['ingester', 'worker', 'producer'].map(start));

    const reader = () => new Api(services.get('api')!).as(signedIn.body.data.accessToken as string);
    const statuses = async () => {
      const { body } = await reader().get(`/monitors?limit=100`);
      return ((body.data ?? []) as { status: number }[]).map(({ status }) => status);
    };
    const everybodyIs = (status: number) =>
      eventually(
        `every monitor has status ${status}`,
        () => statuses().catch(() => []),
        (seen) => seen.length === MONITORS && seen.every((one) => one === status),
        PATIENCE_MS,
      );
    /** One that was sent, but not marked as sent when the ingester was killed, comes again with the same key. */
    const calls = () => {
      const byKey = new Map(hook.requests.map((request) => [request.headers['idempotency-key'], request.body]));
      return [...byKey.values()].map((body) => {
        const { heartbeat, monitor } = JSON.parse(body) as { heartbeat: { status: number }; monitor: { id: string } };
        return `${monitor.id} ${heartbeat.status}`;
      });
    };
    const told = (status: number) =>
      eventually(
        `everybody is told of ${status}`,
        calls,
        (seen) => ids.every((id) => seen.includes(`${id} ${status}`)),
        PATIENCE_MS,
      );

    for (const id of ids) {
      const hasBeats = async () => (await reader().get(`/monitors/${id}/heartbeats?limit=1`)).body.data as Beat[];
      await eventually('the monitor is checked', hasBeats, ({ length }) => length > 0, PATIENCE_MS);
    }
    target.answer = { status: 503, body: 'down' };
    await kill('worker');
    await everybodyIs(0);
    await kill('ingester');
    await told(0);
    await Promise.all(['producer', 'api'].map(kill));
    target.answer = { status: 200, body: 'ok' };
    await Promise.all(['worker', 'ingester'].map(kill));
    await everybodyIs(1);
    await told(1);

    expect(calls().sort()).toEqual(ids.flatMap((id) => [`${id} 0`, `${id} 1`]).sort());
    for (const app of ['producer', 'worker', 'ingester']) services.get(app)!.signal('SIGTERM');
    await Promise.all(['producer', 'worker', 'ingester'].map((app) => services.get(app)!.ended()));
    for (const id of ids) {
      const beats = (await reader().get(`/monitors/${id}/heartbeats?limit=1000&reverse=true`)).body.data as Beat[];
      const changes = beats.map(({ status }) => status).filter((status, i, all) => status !== all[i - 1]);
      expect(changes).toEqual([1, 0, 1]);
      expect(new Set(beats.map(({ time }) => time)).size).toBe(beats.length);
    }
  });
});
