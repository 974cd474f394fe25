import { loadEnv } from '@app/core';
import { Config } from '@app/platform';
import { openTemporary } from '../../../../../test/contract/sqlite';
import type { TestDatabase } from '../../../../../test/contract/sqlite';
import { AttemptsService } from './attempts.service';
import { LoginAttempts } from './login-attempts.entity';

describe('AttemptsService on several servers', () => {
  let database: TestDatabase;
  let servers: AttemptsService[];
  const keys = [{ key: 'account:192.0.2.1:ops@acme.test', share: 1 }];

  beforeAll(async () => {
    database = await openTemporary([LoginAttempts]);
    const config = new Config(loadEnv({ BRUTEFORCE_MAX_ATTEMPTS: '3' }));
    servers = [1, 2, 3].map(() => new AttemptsService(database.store, config, database.clock));
  });
  afterAll(() => database.close());

  it('counts exactly as many failures as the limit says, however many come at once', async () => {
    const counts = Array.from({ length: 30 }, (_, i) => servers[i % 3]!.countFailure(keys));
    const results = await Promise.allSettled(counts);

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    await expect(database.store.collection(LoginAttempts).find()).resolves.toMatchObject([{ failures: 3 }]);
    await expect(servers[0]!.refuseIfLocked(keys)).rejects.toMatchObject({ code: 'too_many_requests' });
  });
});
