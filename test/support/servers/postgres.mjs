import { writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { findOrInstall, folderOf, ordinaryUser, runOnce, versionsIn } from './machine.mjs';

const USER = 'peekaping';
const PASSWORD = 'secret-of-the-tests';

/** A PostgreSQL that keeps what it confirmed, except in a power cut. Its collation and time zone are such as to catch who relies on them. */
export const postgres = {
  name: 'postgres',
  variable: 'TEST_POSTGRES_URL',
  halt: 'SIGINT',
  // Ends all of its processes at once, without a word to the clients, and the next start recovers. SIGKILL would end one
  // of them, and leave the others at work and shared memory behind.
  crash: 'SIGQUIT',

  prepare(folder) {
    const folders = () => versionsIn('/usr/lib/postgresql').map((version) => path.join(version, 'bin'));
    const initdb = findOrInstall('postgresql', ['initdb'], folders);
    const program = path.join(path.dirname(initdb), 'postgres');
    const user = ordinaryUser();
    const home = folderOf(user, folder);
    const data = path.join(home, 'data');
    const password = path.join(home, 'password');
    writeFileSync(password, PASSWORD);
    runOnce(
      initdb,
      [
        ...['--pgdata', data, '--username', USER, '--pwfile', password, '--auth', 'scram-sha-256', '--no-sync'],
        ...['--encoding', 'UTF8', '--locale-provider', 'icu', '--icu-locale', 'en-US', '--locale', 'C.UTF-8'],
      ],
      { cwd: home, ...user },
    );
    const settings = [
      ...['fsync=off', 'full_page_writes=off', 'wal_level=minimal', 'max_wal_senders=0'],
      ...['max_connections=200', 'shared_buffers=64MB', 'unix_socket_directories=', 'timezone=America/New_York'],
    ];
    return (port) => ({
      program,
      args: ['-D', data, '-p', String(port), '-h', '127.0.0.1', ...settings.flatMap((text) => ['-c', text])],
      options: { cwd: home, ...user },
      url: `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`,
    });
  },

  async probe(url) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
    } finally {
      await client.end();
    }
  },
};
