import { InProcessEventBus } from '@app/messaging/in-process';
import { AppError, MINUTE } from '@app/core';
import { openTemporary } from '../../../../test/contract/sqlite';
import type { TestDatabase } from '../../../../test/contract/sqlite';
import { Setting } from './setting.entity';
import { SettingsRepository } from './settings.repository';
import { SettingsService } from './settings.service';

describe('SettingsService', () => {
  let database: TestDatabase;
  const bus = new InProcessEventBus((error) => {
    throw error;
  });
  const start = () => new SettingsService(new SettingsRepository(database.store), database.clock, bus);
  /** Behind the back of every server. */
  const set = async (key: string, value: string) => {
    const settings = database.store.collection(Setting);
    await settings.delete({ key });
    await settings.insert({ key, value, type: 'string' });
  };

  beforeEach(async () => {
    database = await openTemporary([Setting]);
  });
  afterEach(() => database.close());

  it('makes what is missing at start, once, and leaves what is there', async () => {
    await database.store.collection(Setting).insert({ key: 'KEEP_DATA_PERIOD_DAYS', value: '90', type: 'int' });

    await Promise.all([start().onModuleInit(), start().onModuleInit(), start().onModuleInit()]);

    const settings = await database.store.collection(Setting).find({ order: { key: 'asc' } });
    expect(settings.map(({ key, value, type }) => [key, value, type])).toEqual([
      ['ACCESS_TOKEN_EXPIRED_IN', '15m', 'string'],
      ['KEEP_DATA_PERIOD_DAYS', '90', 'int'],
      ['REFRESH_TOKEN_EXPIRED_IN', '720h', 'string'],
      ['cert_expiry_notify_days', '[7,14,21]', 'json'],
    ]);
  });

  it('remembers a value until a change is announced, on every server', async () => {
    const [one, other] = [start(), start()];
    await one.onModuleInit();
    await expect(one.get('KEEP_DATA_PERIOD_DAYS')).resolves.toBe('365');
    await expect(other.get('KEEP_DATA_PERIOD_DAYS')).resolves.toBe('365');

    await set('KEEP_DATA_PERIOD_DAYS', '30');
    await expect(one.get('KEEP_DATA_PERIOD_DAYS')).resolves.toBe('365');
    bus.publish('setting.changed', { key: 'KEEP_DATA_PERIOD_DAYS' });

    await expect(one.get('KEEP_DATA_PERIOD_DAYS')).resolves.toBe('30');
    await expect(other.get('KEEP_DATA_PERIOD_DAYS')).resolves.toBe('30');
  });

  it('does not remember what it read while the change came', async () => {
    const settings = start();
    await settings.onModuleInit();

    const reading = settings.get('KEEP_DATA_PERIOD_DAYS');
    await set('KEEP_DATA_PERIOD_DAYS', '30');
    bus.publish('setting.changed', { key: 'KEEP_DATA_PERIOD_DAYS' });
    await reading;

    await expect(settings.get('KEEP_DATA_PERIOD_DAYS')).resolves.toBe('30');
  });

  it('notices a change whose announcement was lost, after a minute', async () => {
    const settings = start();
    await settings.onModuleInit();
    await settings.get('KEEP_DATA_PERIOD_DAYS');
    await set('KEEP_DATA_PERIOD_DAYS', '30');

    database.clock.advance(MINUTE);

    await expect(settings.get('KEEP_DATA_PERIOD_DAYS')).resolves.toBe('30');
  });

  it('has the value of before while the database is away', async () => {
    const settings = start();
    await settings.onModuleInit();
    await settings.get('KEEP_DATA_PERIOD_DAYS');
    database.clock.advance(MINUTE);
    const away = new AppError('unavailable', 'no connection');
    const read = jest.spyOn(SettingsRepository.prototype, 'findByKey').mockRejectedValue(away);

    await expect(settings.get('KEEP_DATA_PERIOD_DAYS')).resolves.toBe('365');
    await expect(settings.get('REFRESH_TOKEN_EXPIRED_IN')).rejects.toBe(away);

    read.mockRestore();
    await set('KEEP_DATA_PERIOD_DAYS', '30');
    await expect(settings.get('KEEP_DATA_PERIOD_DAYS')).resolves.toBe('30');
  });

  it('has the default of what was deleted, at once', async () => {
    const settings = start();
    await settings.onModuleInit();
    await settings.put('ACCESS_TOKEN_EXPIRED_IN', '1h', 'string');
    await expect(settings.get('ACCESS_TOKEN_EXPIRED_IN')).resolves.toBe('1h');

    await settings.delete('ACCESS_TOKEN_EXPIRED_IN');

    await expect(settings.get('ACCESS_TOKEN_EXPIRED_IN')).resolves.toBe('15m');
  });

  it('is set by many at once: one row, and none is refused', async () => {
    const servers = [start(), start(), start()];

    await Promise.all(servers.flatMap((server, i) => [server.put('A', `${i}`, 'int'), server.put('A', `${i}`, 'int')]));

    await expect(database.store.collection(Setting).count({ key: 'A' })).resolves.toBe(1);
  });

  it('has no value for a key that is not there', async () => {
    await expect(start().get('NOTHING')).resolves.toBeNull();
  });
});
