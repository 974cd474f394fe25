import { loadEnv } from '@app/core';
import { Config } from '@app/platform';
import { Logger } from '@nestjs/common';
import { openTemporary } from '../../../../test/contract/sqlite';
import type { TestDatabase } from '../../../../test/contract/sqlite';
import { AuditEntry } from './audit-entry.entity';
import { AuditRepository } from './audit.repository';
import { AuditService } from './audit.service';

describe('AuditService', () => {
  let database: TestDatabase;
  let repository: AuditRepository;
  let audit: AuditService;
  const record = (id: string) =>
    audit.record({
      principal: { kind: 'user', id: 'u', name: 'ops@acme.test' },
      action: 'update',
      resource: 'tags',
      resourceId: id,
      fields: ['color'],
      method: 'PATCH',
      route: '/api/v1/tags/:id',
      address: '192.0.2.1',
      userAgent: '',
    });
  const ids = async () => (await audit.find({}, 1000)).map(({ resourceId }) => resourceId);

  beforeEach(async () => {
    database = await openTemporary([AuditEntry]);
    repository = new AuditRepository(database.store);
    audit = new AuditService(repository, new Config(loadEnv({})), database.clock);
  });
  afterEach(() => database.close());

  it('writes together what was done within a moment, in its order', async () => {
    const insert = jest.spyOn(repository, 'insertAll');
    for (let i = 0; i < 60; i++) record(String(i));

    await expect(ids()).resolves.toEqual(Array.from({ length: 60 }, (_, i) => String(59 - i)));
    expect(insert).toHaveBeenCalledTimes(3);
  });

  it('writes by itself after a moment, and what is left when the server stops', async () => {
    const insert = jest.spyOn(repository, 'insertAll');
    const written = new Promise<void>((resolve) => insert.mockImplementationOnce(() => Promise.resolve(resolve())));
    record('1');
    await written;

    record('2');
    await audit.beforeApplicationShutdown();
    expect(insert).toHaveBeenCalledTimes(2);
  });

  it('keeps what cannot be written while the database is away', async () => {
    const reported = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    jest.spyOn(repository, 'insertAll').mockRejectedValueOnce(new Error('away'));
    record('1');
    await audit.flush();
    record('2');

    await expect(ids()).resolves.toEqual(['2', '1']);
    expect(reported).toHaveBeenCalledTimes(1);
    reported.mockRestore();
  });
});
