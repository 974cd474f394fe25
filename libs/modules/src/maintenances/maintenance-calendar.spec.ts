import { AppError, MINUTE, newId } from '@app/core';
import { InProcessEventBus } from '@app/messaging/in-process';
import type { Config } from '@app/platform';
import { Logger } from '@nestjs/common';
import { openTemporary } from '../../../../test/contract/sqlite';
import type { TestDatabase } from '../../../../test/contract/sqlite';
import { NOON } from '../../../../test/support/clock';
import { Monitor, MonitorNotification, MonitorTag } from '../monitors/monitor.entity';
import { NotificationChannel } from '../notification-channels/notification-channel.entity';
import { Tag } from '../tags/tag.entity';
import { MaintenanceCalendar } from './maintenance-calendar';
import { definitionOf } from './maintenance-definition';
import type { MaintenanceInputDto } from './maintenance.dto';
import { Maintenance, MaintenanceMonitor } from './maintenance.entity';
import { MaintenancesRepository } from './maintenances.repository';

const ENTITIES = [Maintenance, MaintenanceMonitor, Monitor, MonitorNotification, MonitorTag, NotificationChannel, Tag];

describe('MaintenanceCalendar', () => {
  const bus = new InProcessEventBus((error) => {
    throw error;
  });
  const config = { env: { TZ: 'Europe/Berlin' } } as Config;
  let database: TestDatabase;
  let repository: MaintenancesRepository;
  let calendar: MaintenanceCalendar;
  let router: string;
  let shop: string;

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    database = await openTemporary(ENTITIES);
    database.clock.set(NOON);
    repository = new MaintenancesRepository(database.store);
    calendar = new MaintenanceCalendar(repository, database.clock, config, bus);
    [router, shop] = [await monitor(), await monitor()];
  });
  afterEach(async () => {
    calendar.onModuleDestroy();
    await database.close();
  });

  async function monitor(): Promise<string> {
    const fixed = { type: 'push', interval: 60, timeout: 30, maxRetries: 0, retryInterval: 60, resendInterval: 0 };
    const rest = { proxyId: null, active: true, status: 1, config: '{}', pushToken: null, activeSince: new Date(0) };
    return (await database.store.collection(Monitor).insert({ ...fixed, ...rest, name: newId() })).id;
  }
  const add = async (values: Partial<MaintenanceInputDto>, ...monitorIds: string[]) => {
    const definition = definitionOf({ title: 'x', strategy: 'manual', ...values });
    const { id } = await repository.insert(definition, monitorIds);
    changed(id);
    return id;
  };
  const changed = (id: string) => bus.publish('maintenance.changed', { id });
  const now = async () => [...(await calendar.monitorsNow())].sort();
  const reads = () => jest.spyOn(repository, 'findMonitorIdsOf');
  /** From 13:02 to 13:05 in Berlin, which is two minutes after noon. */
  const soon = { strategy: 'cron', cron: '2 13 * * *', duration: 3, timezone: 'SAME_AS_SERVER' };

  it('knows nobody without maintenances, and reads nobody', async () => {
    const read = reads();

    await expect(now()).resolves.toEqual([]);
    await expect(calendar.lastEnd(router, 0)).resolves.toBeNull();

    expect(read).not.toHaveBeenCalled();
  });

  it('knows the monitors of all open windows, each once', async () => {
    await add({}, router);
    await add({}, router, shop);
    await add({ active: false }, await monitor());

    await expect(now()).resolves.toEqual([router, shop].sort());
  });

  it('opens and closes at the minute, in the zone of the server', async () => {
    await add(soon, router);

    for (const [minute, open] of [
      [0, 0],
      [1, 0],
      [2, 1],
      [4, 1],
      [5, 0],
      [24 * 60 + 2, 1],
    ] as const) {
      database.clock.set(NOON + minute * MINUTE);
      expect({ minute, open: (await now()).length }).toEqual({ minute, open });
    }
  });

  it('reads the monitors of a window once while it is open, and not before', async () => {
    const read = reads();
    await add(soon, router);

    for (let minute = 0; minute < 5; minute++) {
      database.clock.set(NOON + minute * MINUTE);
      await Promise.all([now(), now(), now()]);
    }

    expect(read).toHaveBeenCalledTimes(1);
  });

  it('follows a change at once, also one that comes while it reads', async () => {
    const id = await add({}, router);
    await expect(now()).resolves.toEqual([router]);

    const reading = now();
    await repository.update(id, {}, [shop]);
    changed(id);
    await reading;

    await expect(now()).resolves.toEqual([shop]);
    await repository.delete(id);
    changed(id);
    await expect(now()).resolves.toEqual([]);
  });

  it('notices a change whose announcement was lost, after a minute', async () => {
    const id = await add({}, router);
    await now();
    database.clock.advance(1);
    await repository.update(id, {}, [shop]);
    await expect(now()).resolves.toEqual([router]);

    database.clock.advance(MINUTE);

    await expect(now()).resolves.toEqual([shop]);
  });

  it('looks for itself when announcements may have been lost', async () => {
    const id = await add({}, router);
    await now();
    await repository.delete(id);

    bus.publish('messages.lost', {});

    await expect(now()).resolves.toEqual([]);
  });

  it('says what went wrong, and tries again', async () => {
    await add({}, router);
    reads().mockRejectedValueOnce(new Error('away'));
    await expect(now()).rejects.toThrow('away');
    await expect(now()).resolves.toEqual([router]);

    changed('');
    jest.spyOn(repository, 'findActive').mockRejectedValueOnce(new Error('away'));
    await expect(now()).rejects.toThrow('away');
    await expect(now()).resolves.toEqual([router]);
  });

  it('goes on with what it knew while the database is away', async () => {
    await add({}, router);
    await add(soon, shop);
    await now();
    const away = new AppError('unavailable', 'no connection');
    for (const query of ['findActive', 'findMonitorIdsOf', 'findIdsFor'] as const) {
      jest.spyOn(repository, query).mockRejectedValue(away);
    }

    for (let minute = 0; minute < 6; minute++) {
      database.clock.advance(MINUTE);
      await expect(now()).resolves.toEqual([router]);
    }
    await expect(calendar.lastEnd(shop, NOON)).resolves.toBeNull();
    jest.restoreAllMocks();

    await expect(calendar.lastEnd(shop, NOON)).resolves.toBe(NOON + 5 * MINUTE);
  });

  it('leaves out what cannot be followed, and that alone', async () => {
    const id = await add({}, shop);
    await database.store.collection(Maintenance).update({ id }, { timezone: 'Mars/Base', strategy: 'single' });
    await add({}, router);

    await expect(now()).resolves.toEqual([router]);
  });

  it('knows when a monitor was last in a window that is over', async () => {
    await add(soon, router);
    await add({ ...soon, cron: '2 12 * * *' }, router);
    database.clock.set(NOON + 10 * MINUTE);

    await expect(calendar.lastEnd(router, NOON)).resolves.toBe(NOON + 5 * MINUTE);
    await expect(calendar.lastEnd(router, NOON + 5 * MINUTE)).resolves.toBeNull();
    await expect(calendar.lastEnd(shop, NOON)).resolves.toBeNull();
  });

  it('answers thousands of times from what it knows', async () => {
    const read = jest.spyOn(repository, 'findActive');
    await add({}, router);

    for (let i = 0; i < 5_000; i++) await calendar.monitorsNow();

    expect(read).toHaveBeenCalledTimes(1);
  });
});
