import path from 'node:path';
import { Clock, Delivery, StartupError, Store, Timeline, loadEnv } from '@app/core';
import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { temporaryFolder } from '../../../test/contract/sqlite';
import { FakeClock } from '../../../test/support/clock';
import { PersistenceModule } from './persistence.module';

@Global()
@Module({ providers: [{ provide: Clock, useValue: new FakeClock() }], exports: [Clock] })
class ClockModule {}

describe('PersistenceModule', () => {
  let folder: ReturnType<typeof temporaryFolder>;

  beforeEach(() => {
    folder = temporaryFolder();
  });

  afterEach(() => folder.remove());

  const start = async (file: string) => {
    const persistence = await PersistenceModule.forRoot(loadEnv({ DB_NAME: file }), [Delivery]);
    return Test.createTestingModule({ imports: [ClockModule, persistence] }).compile();
  };

  it('provides a store and a timeline on a database that it makes and migrates', async () => {
    const app = await start(path.join(folder.path, 'data', 'uptime.db'));

    await expect(app.get(Store).collection(Delivery).count()).resolves.toBe(0);
    await expect(app.get(Timeline).states(['x'])).resolves.toEqual(new Map());

    await app.close();
  });

  it('refuses a file that another server has, and takes it when that is gone', async () => {
    const file = path.join(folder.path, 'uptime.db');
    const first = await start(file);

    await expect(start(file)).rejects.toBeInstanceOf(StartupError);
    await first.close();

    const second = await start(file);
    await second.close();
  });
});
