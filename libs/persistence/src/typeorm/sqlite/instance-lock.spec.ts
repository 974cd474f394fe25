import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { StartupError } from '@app/core';
import { temporaryFolder } from '../../../../../test/contract/sqlite';
import { InstanceLock } from './instance-lock';

/** Another process that takes the same lock, in the same words, and holds it until it dies. */
const HOLDER = `
  const Database = require(process.argv[1]);
  const db = new Database(process.argv[2] + '.lock', { timeout: 0 });
  db.pragma('journal_mode = DELETE');
  db.exec('BEGIN EXCLUSIVE');
  process.stdout.write('held');
  setInterval(() => db, 60000);
`;

describe('InstanceLock', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;
  let holder: ChildProcess | undefined;

  beforeEach(() => {
    folder = temporaryFolder();
    file = path.join(folder.path, 'uptime.db');
  });

  afterEach(() => {
    holder?.kill('SIGKILL');
    folder.remove();
  });

  it('is had by one at a time, and free after its release', () => {
    const lock = InstanceLock.acquire(file);

    expect(() => InstanceLock.acquire(file)).toThrow(StartupError);
    lock.release();

    InstanceLock.acquire(file).release();
  });

  it('says which file it is about, and what to do', () => {
    const lock = InstanceLock.acquire(file);

    expect(() => InstanceLock.acquire(file)).toThrow(
      `The database ${file} is in use by another running server: stop that one, or set DB_NAME to another file`,
    );
    lock.release();
  });

  it('does not stand in the way of another database in the same folder', () => {
    const one = InstanceLock.acquire(file);

    const two = InstanceLock.acquire(path.join(folder.path, 'other.db'));

    one.release();
    two.release();
  });

  it('is refused while another process has it, and free as soon as that is killed', async () => {
    holder = spawn(process.execPath, ['-e', HOLDER, require.resolve('better-sqlite3'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout!, 'data');

    expect(() => InstanceLock.acquire(file)).toThrow(StartupError);

    const exited = once(holder, 'exit');
    holder.kill('SIGKILL');
    await exited;
    InstanceLock.acquire(file).release();
  });
});
