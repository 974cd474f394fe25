import { Logger } from '@nestjs/common';
import { openTemporary } from '../../../../test/contract/sqlite';
import type { TestDatabase } from '../../../../test/contract/sqlite';
import { User } from '../users/user.entity';
import { UsersRepository } from '../users/users.repository';
import { UsersService } from '../users/users.service';
import { ApiKey } from './api-key.entity';
import { ApiKeyUsage } from './api-key-usage';
import { ApiKeysRepository } from './api-keys.repository';

describe('ApiKeyUsage', () => {
  let database: TestDatabase;
  let userId: string;
  let servers: ApiKeyUsage[];
  let repository: ApiKeysRepository;

  beforeAll(async () => {
    database = await openTemporary([User, ApiKey]);
    const users = new UsersService(new UsersRepository(database.store));
    userId = (await users.createFirst('ops@acme.test', 'hash')).id;
    repository = new ApiKeysRepository(database.store);
    servers = [1, 2, 3].map(() => new ApiKeyUsage(new ApiKeysRepository(database.store), database.clock));
  });
  afterAll(() => database.close());

  const create = (maxUsageCount: number | null) =>
    repository.insert({
      userId,
      name: 'ci',
      hash: 'sha256:x',
      displayKey: 'pk_...',
      role: 'viewer',
      expiresAt: null,
      maxUsageCount,
      usageCount: 0,
      lastUsedAt: null,
      changedAt: new Date(database.clock.now()),
    });
  const stored = async ({ id }: ApiKey) => (await repository.findById(id))!;

  it('lets exactly as many in as the maximum says, however many come at once to however many servers', async () => {
    const key = await create(25);
    const claims = Array.from({ length: 100 }, (_, i) => servers[i % 3]!.claim(key.id));

    const admitted = (await Promise.all(claims)).filter(Boolean);

    expect(admitted).toHaveLength(25);
    await expect(stored(key)).resolves.toMatchObject({
      usageCount: 25,
      lastUsedAt: new Date(database.clock.now()),
      changedAt: key.changedAt,
    });
    await expect(servers[0]!.claim(key.id)).resolves.toBe(false);
  });

  it('refuses a key that is gone', async () => {
    const key = await create(5);
    await repository.delete(key.id);

    await expect(servers[0]!.claim(key.id)).resolves.toBe(false);
    servers[0]!.note(key.id);
    await expect(servers[0]!.flush()).resolves.toBeUndefined();
  });

  it('writes the uses of a key without a maximum down together, and loses none', async () => {
    const key = await create(null);
    for (let i = 0; i < 99; i++) servers[i % 3]!.note(key.id);

    await expect(stored(key)).resolves.toMatchObject({ usageCount: 0, lastUsedAt: null });
    await Promise.all(servers.map((server) => server.flush()));

    await expect(stored(key)).resolves.toMatchObject({ usageCount: 99, lastUsedAt: new Date(database.clock.now()) });
  });

  it('keeps what could not be written for the next time', async () => {
    const reported = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    const key = await create(null);
    const server = new ApiKeyUsage(repository, database.clock);
    jest.spyOn(repository, 'addUses').mockRejectedValueOnce(new Error('away'));
    server.note(key.id);
    await server.flush();
    server.note(key.id);

    await expect(stored(key)).resolves.toMatchObject({ usageCount: 0 });
    await server.flush();
    await expect(stored(key)).resolves.toMatchObject({ usageCount: 2 });
    expect(reported).toHaveBeenCalledTimes(1);
    reported.mockRestore();
  });

  it('tells those who wait when the database is away', async () => {
    const key = await create(3);
    const server = new ApiKeyUsage(repository, database.clock);
    jest.spyOn(repository, 'use').mockRejectedValueOnce(new Error('away'));

    await expect(server.claim(key.id)).rejects.toThrow('away');
    await expect(server.claim(key.id)).resolves.toBe(true);
  });
});
