import 'reflect-metadata';
import { StartupError } from '@app/core';
import { administer } from './admin';

administer(process.argv.slice(2), process.env, process.stdin).then(
  (lines) => process.stdout.write(`${lines.join('\n')}\n`, () => process.exit(0)),
  (error: unknown) => {
    const reason = error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${reason}\n`, () => process.exit(1));
  },
);
