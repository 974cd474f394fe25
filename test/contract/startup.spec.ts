import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { StartupError, loadEnv } from '@app/core';
import { loadEngine } from '@app/persistence';
import { createDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import { onEngines } from '../support/engines';

async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

onEngines(['postgres', 'mysql'], (engine) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase(engine);
  });
  afterAll(() => database.drop());

  const open = async (changes: Record<string, string> = {}) => {
    const env = loadEnv({ ...database.env, ...changes });
    return (await loadEngine(env.DB_TYPE)).migrations(env);
  };

  it('opens a database that is there', async () => {
    const migrations = await open();

    await expect(migrations.status()).resolves.toContainEqual({ name: 'Initial1763900000000', applied: false });
    await migrations.close();
  });

  it.each<[string, string[], () => Promise<Record<string, string>>]>([
    ['with a wrong password', ['DB_USER', 'DB_PASS'], () => Promise.resolve({ DB_PASS: 'wrong' })],
    ['as an unknown user', ['DB_USER', 'DB_PASS'], () => Promise.resolve({ DB_USER: 'nobody' })],
    ['by a name that no database has', ['DB_NAME'], () => Promise.resolve({ DB_NAME: 'nowhere' })],
    ['where no server is', ['DB_HOST', 'DB_PORT'], async () => ({ DB_PORT: await closedPort() })],
    ['on a host that does not exist', ['DB_HOST'], () => Promise.resolve({ DB_HOST: 'nowhere.invalid' })],
    [
      'with a file of authorities that is not there',
      ['DB_TLS_CA'],
      () => {
        return Promise.resolve({ DB_TLS: 'on', DB_TLS_CA: '/nowhere.pem' });
      },
    ],
    ['encrypted, when the server cannot', ['DB_TLS'], () => Promise.resolve({ DB_TLS: 'on' })],
  ])('says in one line which variable to mend: %s', async (_, variables, changes) => {
    const error: unknown = await open(await changes()).catch((e: unknown) => e);

    expect(error).toBeInstanceOf(StartupError);
    const { message } = error as StartupError;
    expect(message).not.toContain('\n');
    expect(message).not.toContain('wrong');
    for (const name of variables) expect(message).toContain(name);
  });
});
