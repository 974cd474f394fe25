import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createConnection } from 'mysql2/promise';
import { findOrInstall, findProgram, folderOf, ordinaryUser, runOnce } from './machine.mjs';

const USER = 'peekaping';
const PASSWORD = 'secret-of-the-tests';

/** MariaDB, or MySQL where that is installed. Keeps what it confirmed, except in a power cut. */
export const mariadb = {
  name: 'mysql',
  variable: 'TEST_MYSQL_URL',
  halt: 'SIGTERM',
  crash: 'SIGKILL',

  prepare(folder) {
    const program = findOrInstall('mariadb-server-core', ['mariadbd', 'mysqld'], () => ['/usr/local/mysql/bin']);
    const user = ordinaryUser();
    const home = folderOf(user, folder);
    const data = path.join(home, 'data');
    const account = path.join(home, 'account.sql');
    writeFileSync(
      account,
      `CREATE USER IF NOT EXISTS '${USER}'@'%' IDENTIFIED BY '${PASSWORD}';\nGRANT ALL ON *.* TO '${USER}'@'%' WITH GRANT OPTION;\n`,
    );
    const install = findProgram(['mariadb-install-db'], [path.dirname(program)]);
    const options = { cwd: home, ...user };
    if (install) {
      const flags = ['--auth-root-authentication-method=normal', '--skip-test-db'];
      runOnce(install, ['--no-defaults', `--datadir=${data}`, ...flags], options);
    } else {
      runOnce(program, ['--no-defaults', '--initialize-insecure', `--datadir=${data}`], options);
    }
    return (port) => ({
      program,
      args: [
        ...['--no-defaults', `--datadir=${data}`, `--port=${port}`, '--bind-address=127.0.0.1'],
        ...[`--socket=${path.join(home, 'socket')}`, `--pid-file=${path.join(home, 'pid')}`, `--init-file=${account}`],
        ...['--skip-name-resolve', '--skip-log-bin', '--max-connections=300', '--default-time-zone=-05:00'],
        ...['--innodb-flush-log-at-trx-commit=2', '--innodb-doublewrite=0', '--innodb-buffer-pool-size=128M'],
        ...['--innodb-fast-shutdown=2'],
      ],
      options,
      url: `mysql://${USER}:${PASSWORD}@127.0.0.1:${port}/mysql`,
    });
  },

  async probe(url) {
    const connection = await createConnection(url);
    await connection.end();
  },
};
