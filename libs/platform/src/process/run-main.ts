import { StartupError } from '@app/core';

// Name lookups wait for a thread of libuv's pool, which password hashes use too; its usual four are soon taken.
const THREADS = '16';

/**
 * The end of a main file: starts, and says in one line why not, with exit code 1.
 * @returns when the service is up; what starts the bundle keeps the compiled code then.
 */
export async function runMain(variables: NodeJS.ProcessEnv, start: () => Promise<void>): Promise<void> {
  variables.UV_THREADPOOL_SIZE ||= THREADS;
  const started = start();
  started.catch((error: unknown) => {
    const reason = error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${reason}\n`, () => process.exit(1));
  });
  return started;
}
