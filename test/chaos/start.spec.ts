import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Api } from '../support/api';
import { eventually } from '../support/eventually';
import { useServerFolder } from '../support/server-process';
import { startTcpTarget } from '../support/targets';

/** What keeps the server from starting is told in one line, and the exit code is 1. */
describe('starting', () => {
  const folder = useServerFolder();

  const refusal = async (env: Record<string, string>) => {
    const server = await folder.spawn(env);
    const code = await server.ended();
    // Warnings and log lines are JSON; the reason is not.
    return { code, reason: server.lines.filter((line) => !line.startsWith('{')) };
  };

  it('tells where everything is, and how to make the first account', async () => {
    const server = await folder.start();

    const messages = () => server.lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
    await eventually('the last line of the greeting', () => messages().some((text) => text.startsWith('No account')));
    expect(messages()).toEqual(
      expect.arrayContaining([
        `API at ${server.url}/api/v1, data in ${folder.database}`,
        `API document at ${server.url}/swagger/index.html`,
        expect.stringContaining(`curl -X POST ${server.url}/api/v1/auth/register`),
      ]),
    );
  });

  it('is refused while another server has the same file, which goes on', async () => {
    const first = await folder.start();

    await expect(refusal({})).resolves.toEqual({
      code: 1,
      reason: [
        `The database ${folder.database} is in use by another running server: stop that one, or set DB_NAME to another file`,
      ],
    });
    await expect(new Api(first).get('/health/ready')).resolves.toMatchObject({ status: 200 });
  });

  it('is refused when the port is in use', async () => {
    const other = await startTcpTarget();

    await expect(refusal({ SERVER_PORT: String(other.port) })).resolves.toEqual({
      code: 1,
      reason: [`Port ${other.port} is in use: stop the program that uses it, or set SERVER_PORT to another one`],
    });
    await other.close();
  });

  it('names all bad variables at once', async () => {
    const bad = { SERVER_PORT: 'abc', TZ: 'Mars/Phobos', BRUTEFORCE_WINDOW: '-1', CLIENT_URL: 'nowhere' };

    const { code, reason } = await refusal(bad);

    expect(code).toBe(1);
    expect(reason).toHaveLength(1);
    for (const name of Object.keys(bad)) expect(reason[0]).toContain(name);
  });

  it('is refused where no folder can be made', async () => {
    await writeFile(path.join(folder.path, 'file'), '');
    const database = path.join(folder.path, 'file', 'data', 'test.db');

    const { code, reason } = await refusal({ DB_NAME: database });

    expect(code).toBe(1);
    expect(reason).toEqual([expect.stringContaining(path.dirname(database))]);
  });

  it('is refused on a file that is no database', async () => {
    await writeFile(folder.database, 'these are notes, and nobody wants to lose them\n'.repeat(100));

    const { code, reason } = await refusal({});

    expect(code).toBe(1);
    expect(reason).toEqual([expect.stringContaining(folder.database)]);
  });

  it('is refused on an empty database that it may not migrate', async () => {
    const { code, reason } = await refusal({ DB_MIGRATE: 'check' });

    expect(code).toBe(1);
    expect(reason).toEqual([expect.stringMatching(/DB_MIGRATE|migrat/i)]);
  });

  it('reads .env in the working directory; variables of the process win', async () => {
    await writeFile(path.join(folder.path, '.env'), 'API_VERSION=1.2.3\nSERVICE_NAME=from-file\n');

    const server = await folder.start({ SERVICE_NAME: 'from-process' });

    await expect(new Api(server).get('/version')).resolves.toEqual({ status: 200, body: { version: '1.2.3' } });
    expect(server.lines.join()).toContain('from-process');
    expect(server.lines.join()).not.toContain('from-file');
  });
});
