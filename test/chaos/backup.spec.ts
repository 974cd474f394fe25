import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Api, signUp } from '../support/api';
import { eventually } from '../support/eventually';
import { pushBody } from '../support/monitors';
import { useServerFolder } from '../support/server-process';
import type { ServerProcess } from '../support/server-process';

const MAIN = path.resolve(__dirname, '../../dist/backup/main.js');

describe('npm run backup', () => {
  const folder = useServerFolder();

  const backUp = async (args: string[], env: Record<string, string> = {}) => {
    const options = { cwd: folder.path, env: { PATH: process.env.PATH, DB_NAME: folder.database, ...env } };
    return promisify(execFile)(process.execPath, [MAIN, ...args], options).then(
      ({ stdout }) => ({ code: 0, line: stdout }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, line: stderr }),
    );
  };

  /** Pushes numbered messages until it is told to stop. */
  function load(server: ServerProcess) {
    const acknowledged: string[] = [];
    let refused = 0;
    let running = true;
    let next = 0;
    const push = async () => {
      while (running) {
        const message = `push-${next++}`;
        const { status } = await new Api(server).get(`/push/load?msg=${message}`);
        if (status === 200) acknowledged.push(message);
        else refused += 1;
      }
    };
    const all = Promise.all(Array.from({ length: 8 }, push));
    return {
      acknowledged,
      stop: async () => {
        running = false;
        await all;
        return { refused };
      },
    };
  }

  it('copies everything while the server is under load; a server on the copy goes on from there', async () => {
    const server = await folder.start();
    const { api, signedIn } = await signUp(server);
    const id = (await api.post('/monitors', pushBody('load'))).body.data.id as string;
    const pushes = load(server);
    await eventually('the load is on', () => pushes.acknowledged.length >= 200);
    const before = [...pushes.acknowledged];

    const copy = path.join(folder.path, 'copy.db');
    await expect(backUp([copy])).resolves.toEqual({ code: 0, line: `Backed up ${folder.database} to ${copy}\n` });

    const during = pushes.acknowledged.length;
    await eventually('the server goes on', () => pushes.acknowledged.length > during);
    await expect(pushes.stop()).resolves.toEqual({ refused: 0 });
    const restored = await folder.start({ DB_NAME: copy });
    // The session of the original is known here too.
    const again = new Api(restored).as(signedIn.body.data.accessToken as string);
    const stored: string[] = [];
    for (let page = 0; stored.length === page * 1000; page += 1) {
      const { body } = await again.get(`/monitors/${id}/heartbeats?limit=1000&page=${page}`);
      stored.push(...(body.data as { msg: string }[]).map(({ msg }) => msg));
    }
    expect(new Set(stored).size).toBe(stored.length);
    expect(before.filter((message) => !stored.includes(message))).toEqual([]);
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const { body } = await again.get(`/monitors/${id}/stats/points?since=${since}`);
    const counted = (body.data.points as { up: number }[]).reduce((sum, { up }) => sum + up, 0);
    expect(counted).toBe(stored.length); // heartbeats and statistics are of the same moment
  }, 60_000);

  it('replaces nothing', async () => {
    const copy = path.join(folder.path, 'precious');
    await writeFile(copy, '');
    await writeFile(folder.database, '');

    await expect(backUp([copy])).resolves.toEqual({
      code: 1,
      line: `${copy} exists: a backup replaces nothing; name another file\n`,
    });
  });

  it.each([[[]], [['one', 'two']], [['--force']]])('explains itself when it is called with %j', async (args) => {
    await expect(backUp(args)).resolves.toEqual({ code: 1, line: 'Usage: npm run backup -- FILE\n' });
  });
});
