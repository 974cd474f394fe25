import { findOrInstall, folderOf } from './machine.mjs';
import { isListening } from './mongo.mjs';

export const redis = {
  name: 'redis',
  variable: 'TEST_REDIS_URL',
  halt: 'SIGTERM',
  crash: 'SIGKILL',

  prepare(folder) {
    const program = findOrInstall('redis-server', ['redis-server'], () => []);
    const home = folderOf({}, folder);
    return (port) => ({
      program,
      args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', home],
      options: { cwd: home },
      url: `redis://127.0.0.1:${port}`,
    });
  },

  probe: isListening,
};
