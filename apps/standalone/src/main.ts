import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { StartupError, loadEnv, messageOf } from '@app/core';
import { parse } from 'dotenv';
import { createApp } from './app';

/** Variables of the process win over those of `.env` in the working directory; an empty one counts as not set. */
function environment(): Record<string, string | undefined> {
  let file: Record<string, string> = {};
  try {
    file = parse(readFileSync('.env'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new StartupError(`.env cannot be read: ${messageOf(error)}`, { cause: error });
    }
  }
  const given = Object.entries(process.env).filter(([, value]) => value !== '');
  return { ...file, ...Object.fromEntries(given) };
}

async function main(): Promise<void> {
  const env = loadEnv(environment());
  process.env.TZ = env.TZ;
  const app = await createApp(env);
  await app.listen(env.SERVER_PORT, env.SERVER_HOST);
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  const reason = error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${reason}\n`);
  process.exit();
});
