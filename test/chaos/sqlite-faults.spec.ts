import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ResultQueue } from '@app/core';
import { DataSource } from 'typeorm';
import { Api, useApi } from '../support/api';
import { Watched, httpConfig } from '../support/engine';
import { eventually } from '../support/eventually';
import { pushBody, webhookBody } from '../support/monitors';
import { ordinaryUser, useServerFolder } from '../support/server-process';
import { HttpSink } from '../support/sinks/http-sink';

const UNAVAILABLE = { status: 503, body: { message: expect.any(String), data: null } };

/** SQLite's own word for a disk that takes no more: its limit of pages is set to what there is. */
describe('a full disk', () => {
  const api = useApi();
  let target: HttpSink;
  let hook: HttpSink;
  beforeAll(async () => {
    [target, hook] = await Promise.all([HttpSink.start(), HttpSink.start()]);
  });
  afterAll(() => Promise.all([target.stop(), hook.stop()]));

  const limit = (pages: number) => api.app.get(DataSource).query(`PRAGMA max_page_count = ${pages}`);
  const tag = (name: string) => ({ name, color: '#ffffff', description: 'x'.repeat(100_000) });

  it('refuses what would have to be stored, answers reads, and goes on when there is room', async () => {
    const channel = await api.post('/notification-channels', webhookBody(hook.url));
    const told = { notification_ids: [channel.body.data.id as string] };
    const monitor = await Watched.create(api, { type: 'http', config: httpConfig(target.url), ...told });
    await monitor.seen(1);
    await monitor.hasten({ interval: 1, retryInterval: 1, timeout: 1 });
    await api.post('/monitors', pushBody('job', told));
    await limit(1); // no page more than there are
    // What is left in the pages that there are is used up.
    const answers = [await api.post('/tags', tag('too large')), await api.post('/tags', tag('also'))];
    const long = 'm'.repeat(1000);
    const pushes = await eventually(
      'a push is refused',
      () => Promise.all(Array.from({ length: 20 }, () => new Api(api.app).get(`/push/job?msg=${long}`))),
      (all) => all.some(({ status }) => status !== 200),
      30_000,
    );
    const before = target.requests.length;

    expect(answers).toEqual([UNAVAILABLE, UNAVAILABLE]);
    expect(pushes.filter(({ status }) => status !== 200)).toContainEqual(UNAVAILABLE);
    await expect(api.get('/monitors')).resolves.toMatchObject({ status: 200 });
    await eventually('checks go on', () => target.requests.length >= before + 2);
    await limit(1_000_000);

    await eventually(
      'a push is taken',
      () => new Api(api.app).get('/push/job'),
      ({ status }) => status === 200,
    );
    await api.patch(`/monitors/${monitor.id}`, { active: false });
    await eventually(
      'all results are stored',
      () => api.app.get(ResultQueue).depth(),
      (depth) => depth === 0,
    );
    const beats = await eventually(
      'each check has its beat',
      () => monitor.beats(),
      (seen) => seen.length === target.requests.length,
    );
    expect(beats.map(({ status }) => status)).toEqual(beats.map(() => 1));
    await expect(api.post('/tags', tag('fits'))).resolves.toMatchObject({ status: 201 });
    expect(hook.requests).toEqual([]);
  }, 90_000);
});

const user = ordinaryUser();
// Root writes everywhere, so this takes somebody else who can run the server.
const describeOrdinary = user === null ? describe.skip : describe;
const why = user === null ? ' (nobody but root can read this folder)' : '';

describeOrdinary(`a place that cannot be written${why}`, () => {
  const folder = useServerFolder();
  beforeEach(() => chmod(folder.path, 0o777));

  const refusal = async (env: Record<string, string>) => {
    const server = await folder.spawn(env, user ?? undefined);
    const code = await server.ended();
    return { code, reason: server.lines.filter((line) => !line.startsWith('{')) };
  };

  it('is told in one line: a file', async () => {
    await writeFile(folder.database, '', { mode: 0o444 });
    if (user) await chown(folder.database, user.uid, user.gid);

    await expect(refusal({})).resolves.toEqual({ code: 1, reason: [expect.stringContaining(folder.database)] });
  });

  it('is told in one line: a folder', async () => {
    const place = path.join(folder.path, 'data');
    await mkdir(place, { mode: 0o555 });
    if (user) await chown(place, user.uid, user.gid);

    await expect(refusal({ DB_NAME: path.join(place, 'test.db') })).resolves.toEqual({
      code: 1,
      reason: [expect.stringContaining(place)],
    });
  });
});
