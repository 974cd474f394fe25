import { parseArgs } from 'node:util';
import { StartupError, loadEnv } from '@app/core';
import { loadEngine } from '@app/persistence';
import type { Migrations } from '@app/persistence';
import { environment } from '@app/platform/environment';

const USAGE = 'Usage: npm run migrate -- up | status | down [--to NAME]';

type Command = (migrations: Migrations, print: (line: string) => void) => Promise<void>;

/**
 * Looks at the schema of the database that the variables name, or changes it.
 * @throws StartupError with what to do
 */
export async function migrate(
  args: string[],
  variables: NodeJS.ProcessEnv,
  print: (line: string) => void,
): Promise<void> {
  const command = parse(args);
  const env = loadEnv(environment(variables));
  const engine = await loadEngine(env.DB_TYPE);
  const migrations = await engine.migrations(env);
  try {
    await command(migrations, print);
  } finally {
    await migrations.close();
  }
}

function parse(args: string[]): Command {
  const { values, positionals } = read(args);
  const [command, ...rest] = positionals;
  if (rest.length > 0 || (values.to !== undefined && command !== 'down')) throw new StartupError(USAGE);
  switch (command) {
    case 'up':
      return up;
    case 'status':
      return status;
    case 'down':
      return values.to === undefined ? down : downTo(values.to);
    default:
      throw new StartupError(USAGE);
  }
}

function read(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { to: { type: 'string' } } });
  } catch (error) {
    throw new StartupError(USAGE, { cause: error });
  }
}

const up: Command = async (migrations, print) => {
  const names = await migrations.up();
  for (const name of names) print(`Applied ${name}`);
  if (names.length === 0) print('Nothing to apply: the schema is up to date');
};

const status: Command = async (migrations, print) => {
  for (const { name, applied } of await migrations.status()) print(`${applied ? 'applied' : 'pending'}  ${name}`);
};

const down: Command = async (migrations, print) => {
  const name = await migrations.down();
  print(name === null ? 'Nothing to take back: the database is empty' : `Took back ${name}`);
};

/** Takes back what came after this one, which stays. */
function downTo(name: string): Command {
  return async (migrations, print) => {
    const applied = (await migrations.status()).filter((migration) => migration.applied).map((it) => it.name);
    const position = applied.indexOf(name);
    if (position < 0) throw new StartupError(`${name} is not applied; npm run migrate -- status shows what is`);
    for (let count = applied.length - 1 - position; count > 0; count -= 1) await down(migrations, print);
    print(`The schema is at ${name}`);
  };
}
