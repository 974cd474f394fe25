import type { DatabaseType } from '@app/core';
import ready from './engines.json';

declare const TEST_ENGINE: DatabaseType | undefined;

/** The storage engines that suites run on; `engines.json` is read by the configuration of Jest as well. */
export const ENGINES = ready as DatabaseType[];

export const TITLES: Record<DatabaseType, string> = {
  sqlite: 'SQLite',
  postgres: 'PostgreSQL',
  mysql: 'MySQL',
  mongo: 'MongoDB',
};

/** The engine of this project of Jest: SQLite unless it is `e2e-<engine>`. */
export function engineUnderTest(): DatabaseType {
  return typeof TEST_ENGINE === 'undefined' ? 'sqlite' : TEST_ENGINE;
}

/** Where its server is, as an administrator of it. */
export function serverUrl(engine: DatabaseType): string | undefined {
  return process.env[`TEST_${engine.toUpperCase()}_URL`];
}

/** Why nothing can run on this engine here; null when it can. */
export function absence(engine: DatabaseType): string | null {
  if (engine === 'sqlite' || serverUrl(engine)) return null;
  const missing = JSON.parse(process.env.TEST_SERVERS_MISSING ?? '{}') as Partial<Record<DatabaseType, string>>;
  return missing[engine] ?? 'not among TEST_ENGINES';
}

/** Runs a suite on each of these engines. Where the server of one is missing, its tests are skipped, and counted so. */
export function onEngines(engines: readonly DatabaseType[], suite: (engine: DatabaseType) => void): void {
  for (const engine of engines) {
    const reason = absence(engine);
    const title = TITLES[engine];
    if (reason === null) describe(`on ${title}`, () => suite(engine));
    else describe.skip(`on ${title} (${reason})`, () => suite(engine));
  }
}
