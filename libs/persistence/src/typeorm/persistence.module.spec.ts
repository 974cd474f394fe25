import path from 'node:path';
import { Clock, Delivery, StartupError, Store, Timeline } from '@app/core';
import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { temporaryFolder } from '../../../../test/contract/sqlite';
import { FakeClock } from '../../../../test/support/clock';
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

  const start = (file: string) =>
    Test.createTestingModule({
      imports: [ClockModule, PersistenceModule.forRoot({ file, entities: [Delivery], migrate: 'auto' })],
    }).compile();

  it('provides a store and a timeline on a database that it makes and migrates', async () => {
    const app = await start(path.join(folder.path, 'data', 'uptime.db'));

    await expect(app.get(Store).collection(Delivery).count()).resolves.toBe(0);
    await expect(app.get(Timeline).states(['x'])).resolves.toEqual(new Map());

    await app.close();
  });

  it('refuses a file that another server has, and takes it when that is gone', async () => {
    const file = path.join(folder.path, 'uptime.db');
    const first = await start(file);

    expect(() => PersistenceModule.forRoot({ file, entities: [], migrate: 'auto' })).toThrow(StartupError);
    await first.close();

    const second = await start(file);
    await second.close();
  });
});
