import 'reflect-metadata';
import { StartupError } from '@app/core';
import { backUp } from './backup';

backUp(process.argv.slice(2), process.env).then(
  (line) => process.stdout.write(`${line}\n`, () => process.exit(0)),
  (error: unknown) => {
    const reason = error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${reason}\n`, () => process.exit(1));
  },
);
