import 'reflect-metadata';
import { StartupError } from '@app/core';
import { start } from './start';

start(process.env).catch((error: unknown) => {
  const reason = error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${reason}\n`, () => process.exit(1));
});
