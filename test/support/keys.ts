import type { Role } from '@app/platform';
import { Api } from './api';
import type { SuiteApi } from './api';
import type { RunningApp } from './app';

export interface TestKey {
  id: string;
  /** The key itself. */
  token: string;
  /** A client that shows it, and no token. */
  api: Api;
}

/** Makes a key in the name of `owner`. */
export async function createKey(
  app: Pick<RunningApp, 'url'>,
  owner: Api,
  values: { name?: string; role?: Role; max_usage_count?: number; expires_at?: string } = {},
): Promise<TestKey> {
  const answer = await owner.post('/api-keys', { name: 'ci', ...values });
  if (answer.status !== 201) throw new Error(`creating a key answered ${JSON.stringify(answer.body)}`);
  const { id, token } = answer.body.data as { id: string; token: string };
  return { id, token, api: new Api(app, { 'x-api-key': token }) };
}

/** A key for all tests of a file, in the name of its admin. @returns the key itself */
export function useKey(api: SuiteApi): () => string {
  let key: TestKey | undefined;
  beforeAll(async () => {
    key = await createKey(api.app, api);
  });
  return () => key!.token;
}
