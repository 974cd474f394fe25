import { StartupError, loadEnv } from '@app/core';
import type { Env, VariableName } from '@app/core';
import { environment } from '../environment';
import { listen } from './listen';
import { listenForSignals } from './signals';

/** What a service is once it is put together. */
export interface ServiceApp {
  listen(port: number, host: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface Service<App extends ServiceApp> {
  /** Where this service differs from the defaults of the schema. */
  defaults?: Partial<Record<VariableName, string>>;
  /** Variables that have no default here. */
  requires?: readonly VariableName[];
  /** @throws StartupError */
  boot: (env: Env) => Promise<App>;
  /** What to say when it is up. */
  greet?: (app: App, env: Env) => Promise<void>;
}

/** Starts a service; it ends with the process' signals. @throws StartupError */
export async function startService<App extends ServiceApp>(
  { defaults, requires = [], boot, greet }: Service<App>,
  variables: NodeJS.ProcessEnv,
): Promise<void> {
  const given = environment(variables);
  const missing = requires.filter((name) => !given[name]);
  if (missing.length > 0) throw new StartupError(`Invalid configuration: ${missing.join(', ')} must be set`);
  const env = loadEnv({ ...defaults, ...given });
  // Node reads TZ when the first date is formatted; a zone given in .env has to be in place before.
  variables.TZ = env.TZ;
  const signals = listenForSignals();
  const app = await boot(env);
  try {
    await listen(app, env);
  } catch (error) {
    await app.close();
    throw error;
  }
  signals.handOver(app);
  await greet?.(app, env);
}
