import { StartupError, loadEnv } from '@app/core';
import { loadEngine } from '@app/persistence';
import { environment } from '@app/platform/environment';

/** The tools of the other engines do it better, and without us. */
const TOOLS: Record<string, string> = { postgres: 'pg_dump', mysql: 'mysqldump or mariadb-dump', mongo: 'mongodump' };

/** Backs up the data that the variables name. @returns what was done @throws StartupError with what to do */
export async function backUp(args: string[], variables: NodeJS.ProcessEnv): Promise<string> {
  const [file, ...rest] = args;
  if (file === undefined || file.startsWith('-') || rest.length > 0) {
    throw new StartupError('Usage: npm run backup -- FILE');
  }
  const env = loadEnv(environment(variables));
  const engine = await loadEngine(env.DB_TYPE);
  if (!engine.backUp) {
    throw new StartupError(`DB_TYPE ${env.DB_TYPE} is backed up with ${TOOLS[env.DB_TYPE]}: see docs/backup.md`);
  }
  engine.backUp(env, file);
  return `Backed up ${engine.place(env)} to ${file}`;
}
