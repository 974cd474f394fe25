import { readFileSync } from 'node:fs';
import { StartupError, messageOf } from '@app/core';
import { parse } from 'dotenv';

type Variables = Record<string, string | undefined>;

/** Variables of the process win over those of `.env` in the working directory; an empty one counts as not set. */
export function environment(variables: Variables): Variables {
  const given = Object.entries(variables).filter(([, value]) => value !== '');
  return { ...readDotEnv(), ...Object.fromEntries(given) };
}

function readDotEnv(): Variables {
  try {
    return parse(readFileSync('.env'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new StartupError(`.env cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
