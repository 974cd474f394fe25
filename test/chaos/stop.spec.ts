import { Api, signUp } from '../support/api';
import { httpConfig } from '../support/engine';
import { eventually } from '../support/eventually';
import { monitorBody, pushBody } from '../support/monitors';
import { useServerFolder } from '../support/server-process';
import { startTcpTarget } from '../support/targets';

const IN_TIME = 10_000;

describe('a server that is told to stop', () => {
  const folder = useServerFolder();

  const first = async () => {
    const server = await folder.start();
    const { api, signedIn } = await signUp(server);
    return { server, api, token: signedIn.body.data.accessToken as string };
  };
  const idOf = async (api: Api, path: string, body: object) => (await api.post(path, body)).body.data.id as string;

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s under load ends with 0, in time, with all it accepted stored',
    async (signal) => {
      const { server, api, token } = await first();
      const id = await idOf(api, '/monitors', pushBody('load'));
      let accepted = 0;
      let gone = false;
      const load = async () => {
        while (!gone) {
          const answer = await new Api(server).get('/push/load').catch(() => null);
          if (answer?.status === 200) accepted++;
          else gone = true;
          if (accepted === 200) server.signal(signal);
        }
      };
      await Promise.all(Array.from({ length: 20 }, load));

      await expect(server.ended(IN_TIME)).resolves.toBe(0);

      const again = await folder.start();
      const pages = await Promise.all(
        [0, 1].map((page) => new Api(again).as(token).get(`/monitors/${id}/heartbeats?limit=1000&page=${page}`)),
      );
      const stored = pages.flatMap(({ body }) => body.data as object[]);
      expect(stored.length).toBeGreaterThanOrEqual(accepted);
      expect(stored.length).toBeLessThanOrEqual(accepted + 20); // taken in, but the answer was cut
    },
    60_000,
  );

  it('lets a check in flight end, and stores what it saw', async () => {
    const { server, api, token } = await first();
    let answer = () => {};
    let reached = false;
    const open = await startTcpTarget((socket) => {
      reached = true;
      answer = () => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    });
    const config = httpConfig(`http://127.0.0.1:${open.port}/`);
    const id = await idOf(api, '/monitors', monitorBody({ type: 'http', config, active: true }));
    await eventually('the check is in flight', () => reached);

    server.signal('SIGTERM');
    await eventually('it is stopping', () => server.lines.some((line) => line.includes('stopping')));
    answer();
    await expect(server.ended(IN_TIME)).resolves.toBe(0);

    const again = await folder.start();
    const { body } = await new Api(again).as(token).get(`/monitors/${id}/heartbeats`);
    expect(body.data).toMatchObject([{ status: 1, msg: '200 - 200 OK' }]);
    await open.close();
  }, 60_000);

  it('waits for no check that hangs, and makes no outage of it; a second signal ends it at once', async () => {
    const { server, api, token } = await first();
    let reached = false;
    const silent = await startTcpTarget(() => (reached = true));
    const config = httpConfig(`http://127.0.0.1:${silent.port}/`);
    const id = await idOf(api, '/monitors', monitorBody({ type: 'http', config, active: true }));
    await eventually('the check is in flight', () => reached);

    server.signal('SIGTERM');
    await eventually('it is stopping', () => server.lines.some((line) => line.includes('stopping')));
    const before = Date.now();
    server.signal('SIGTERM');
    await expect(server.ended(IN_TIME)).resolves.toBe(1);
    expect(Date.now() - before).toBeLessThan(2000);

    const again = await folder.start();
    await eventually('it is being checked', () =>
      new Api(again).get('/health/ready').then(({ status }) => status === 200),
    );
    reached = false;
    await new Api(again).as(token).patch(`/monitors/${id}`, { active: false });
    await new Api(again).as(token).patch(`/monitors/${id}`, { active: true });
    await eventually('the check is in flight again', () => reached);
    again.signal('SIGTERM');
    await expect(again.ended(IN_TIME)).resolves.toBe(0);

    const last = await folder.start();
    const { body } = await new Api(last).as(token).get(`/monitors/${id}/heartbeats`);
    expect(body.data).toEqual([]);
    await silent.close();
  }, 60_000);
});
