import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import { engineUnderTest } from '../support/engines';
import { schemaOf } from '../support/schemas';
import { ensureBuilt } from '../support/server-process';

const MAIN = path.resolve(__dirname, '../../dist/migrate/main.js');

/** `npm run migrate` as it is run by hand, by a job before a deployment, and by two of those at once. */
describe('the migrate command', () => {
  let folder: string;
  let database: TestDatabase;
  /** Of all migrations of the engine, oldest first. */
  let names: string[];
  beforeAll(async () => {
    await ensureBuilt();
    folder = await mkdtemp(path.join(tmpdir(), 'peekaping-test-')); // without a .env
    database = await createDatabase(engineUnderTest());
    const { output } = await run('status');
    names = output
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/)[1]!);
    await database.drop();
  }, 180_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    database = await createDatabase(engineUnderTest());
  });
  afterEach(() => database.drop());

  function start(...args: string[]) {
    const env = { PATH: process.env.PATH, ...database.env };
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let problem = '';
    child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)));
    child.stderr.on('data', (chunk: Buffer) => (problem += String(chunk)));
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output, problem }));
    return { child, ended };
  }
  const run = (...args: string[]) => start(...args).ended;
  const said = (...lines: string[]) => ({ code: 0, output: lines.map((line) => `${line}\n`).join(''), problem: '' });
  const schema = () => schemaOf(database);

  it('shows what is pending, applies it, and takes it back', async () => {
    expect(names).toEqual(expect.arrayContaining([expect.stringMatching(/^\w+$/)]));
    await expect(run('status')).resolves.toEqual(said(...names.map((name) => `pending  ${name}`)));
    await expect(run('up')).resolves.toEqual(said(...names.map((name) => `Applied ${name}`)));
    const { tables, details } = await schema();
    await expect(run('up')).resolves.toEqual(said('Nothing to apply: the schema is up to date'));
    await expect(run('status')).resolves.toEqual(said(...names.map((name) => `applied  ${name}`)));
    await expect(schema()).resolves.toEqual({ tables, details });

    await expect(run('down')).resolves.toEqual(said(`Took back ${names.at(-1)}`));
    await expect(run('up')).resolves.toEqual(said(`Applied ${names.at(-1)}`));

    await expect(schema()).resolves.toEqual({ tables, details });
  }, 60_000);

  it('goes back to a migration by name, and no further', async () => {
    await run('up');

    await expect(run('down', '--to', names[0]!)).resolves.toEqual(
      said(
        ...names
          .slice(1)
          .reverse()
          .map((name) => `Took back ${name}`),
        `The schema is at ${names[0]}`,
      ),
    );
    await expect(run('down', '--to', 'Nowhere')).resolves.toEqual({
      code: 1,
      output: '',
      problem: 'Nowhere is not applied; npm run migrate -- status shows what is\n',
    });
  }, 60_000);

  it.each([[[]], [['sideways']], [['up', 'up']], [['up', '--to', 'X']], [['down', '--force']]])(
    'explains itself when it is called with %j',
    async (args) => {
      const problem = 'Usage: npm run migrate -- up | status | down [--to NAME]\n';

      await expect(run(...args)).resolves.toEqual({ code: 1, output: '', problem });
    },
  );

  it('works once when it is started three times at once', async () => {
    const ends = await Promise.all([run('up'), run('up'), run('up')]);

    expect(ends.map(({ code, problem }) => ({ code, problem }))).toEqual(ends.map(() => ({ code: 0, problem: '' })));
    const lines = ends.flatMap(({ output }) => output.split('\n')).filter((line) => line.startsWith('Applied'));
    expect(lines).toEqual(names.map((name) => `Applied ${name}`));
  }, 60_000);

  it('goes on where it was killed, again and again, to the same schema', async () => {
    const whole = await run('up').then(schema);
    await database.drop();
    database = await createDatabase(engineUnderTest());

    // The more tables there are, the later the next one is killed.
    for (let count = 1; count < whole.tables.length; count += 2) {
      const { child, ended } = start('up');
      let hasEnded = false;
      void ended.then(() => (hasEnded = true));
      while (!hasEnded && (await schema()).tables.length < count);
      child.kill('SIGKILL');
      await ended;
    }
    await expect(run('up')).resolves.toMatchObject({ code: 0, problem: '' });

    await expect(schema()).resolves.toEqual(whole);
    await expect(run('status')).resolves.toEqual(said(...names.map((name) => `applied  ${name}`)));
  }, 120_000);
});
