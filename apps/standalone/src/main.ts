import { letYoungGenerationGrow } from './young-generation';
import 'reflect-metadata';
import { StartupError } from '@app/core';
import { start } from './start';

// Name lookups wait for a thread of libuv's pool, which password hashes use too; its usual four are soon taken.
process.env.UV_THREADPOOL_SIZE ||= '16';

/** Resolves when the server is up; what starts the bundle keeps the compiled code then. */
export const started = start(process.env);

started.then(letYoungGenerationGrow, (error: unknown) => {
  const reason = error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${reason}\n`, () => process.exit(1));
});
