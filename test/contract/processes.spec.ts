import { DAY } from '@app/core';
import type { CheckResult, Timeline } from '@app/core';
import { DataSource } from 'typeorm';
import { mysqlPorts } from '../../libs/persistence/src/typeorm/mysql/open-mysql';
import { postgresPorts } from '../../libs/persistence/src/typeorm/postgres/open-postgres';
import { NOON } from '../support/clock';
import { onEngines } from '../support/engines';
import { sampleDocument } from '../support/samples';
import { openSqlDatabase } from './database';
import type { SqlDatabase, SqlEngine } from './database';
import { MonitorModel } from './timeline.model';
import { MonitorRecord, TIMELINE_ENTITIES } from './timeline.entities';
import { World, minutesAfterNoon as at } from './timeline.world';

onEngines(['postgres', 'mysql'], (engine) => {
  describe('two servers on one database', () => {
    let database: SqlDatabase;
    let other: DataSource;
    let timelines: [Timeline, Timeline];
    let world: World;

    beforeAll(async () => {
      database = await openSqlDatabase(engine as SqlEngine, TIMELINE_ENTITIES);
      other = await new DataSource(database.dataSource.options).initialize();
      const ports = engine === 'postgres' ? postgresPorts : mysqlPorts;
      timelines = [database.timeline, ports(other, database.clock).timeline];
      world = new World(database);
    });
    afterAll(async () => {
      await other.destroy();
      await database.close();
    });

    /** The same order everywhere, whatever the number. */
    const shuffled = <T>(items: readonly T[], seed: number): T[] =>
      items
        .map((item, i) => ({ item, place: Math.imul((i + 1) * (seed + 7), 2654435761) >>> 0 }))
        .sort((a, b) => a.place - b.place)
        .map(({ item }) => item);

    it('apply results of the same monitors at once: none is lost, doubled or stuck', async () => {
      const channel = await world.channel();
      const ids = await Promise.all(Array.from({ length: 12 }, () => world.monitor()));
      for (const id of ids) await world.link(id, channel);
      const certificate = { document: sampleDocument(), notifyAtDays: [21] };
      const rounds = Array.from({ length: 30 }, (_, round) =>
        ids.map((id, i) => at(id, round, { status: (round + i) % 5 === 0 ? 'down' : 'up', latencyMs: i, certificate })),
      );

      // Every result goes to both, in another order of the monitors: one of the two stores it.
      const applied = await Promise.all(
        timelines.map(async (timeline, t) => {
          let stored = 0;
          for (const [i, round] of rounds.entries()) stored += (await timeline.apply(shuffled(round, i + t))).length;
          return stored;
        }),
      );

      expect(applied[0]! + applied[1]!).toBe(ids.length * rounds.length);
      for (const id of ids) {
        const history = await world.history(id, NOON + DAY);
        expect(history.beats).toHaveLength(rounds.length);
        const [day] = history.series.day;
        expect(day!.up + day!.down).toBe(rounds.length);
        const downs = history.beats.filter(({ status }) => status === 'down').length;
        expect(day!.down).toBe(downs);
        const certificates = history.deliveries.filter(({ kind }) => kind === 'certificate');
        expect(certificates).toHaveLength(1);
      }
    });

    it('make the state of a new monitor once', async () => {
      const ids = await Promise.all(Array.from({ length: 10 }, () => world.monitor()));
      const results = (offset: number) => ids.map((id) => at(id, offset, { kind: 'push', nonce: offset + 1 }));

      const applied = await Promise.all(
        Array.from({ length: 8 }, (_, i) => timelines[i % 2]!.apply(shuffled(results(i), i))),
      );

      expect(applied.flat()).toHaveLength(80);
      for (const id of ids) await expect(world.beats(id)).resolves.toHaveLength(8);
    });

    it('agree with the rules when each monitor has its own order, whoever applies it', async () => {
      const ids = await Promise.all(Array.from({ length: 6 }, () => world.monitor()));
      const models = new Map(ids.map((id) => [id, new MonitorModel(2, [])]));
      const streams = ids.map((id, i): CheckResult[] =>
        Array.from({ length: 24 }, (_, j) => at(id, (j * 7 + i) % 24, { status: (j + i) % 3 ? 'up' : 'down' })),
      );
      for (const stream of streams) for (const result of stream) models.get(result.monitorId)!.apply(result);

      await Promise.all(
        streams.map(async (stream, i) => {
          for (let j = 0; j < stream.length; j += 3) await timelines[(i + j) % 2]!.apply(stream.slice(j, j + 3));
        }),
      );

      for (const id of ids) {
        await expect(world.history(id, NOON + DAY)).resolves.toEqual(models.get(id)!.history(NOON + DAY));
      }
    });

    it('apply and delete, reset and prune at once without getting stuck', async () => {
      const ids = await Promise.all(Array.from({ length: 8 }, () => world.monitor()));
      const monitors = database.store.collection(MonitorRecord);
      const apply = async (timeline: Timeline, t: number) => {
        for (let round = 0; round < 15; round++) {
          await timeline.apply(
            shuffled(ids, round + t).map((id) => at(id, round, { status: round % 2 ? 'up' : 'down' })),
          );
        }
      };
      const remove = async () => {
        for (const id of ids.slice(0, 3)) {
          await database.store.transaction(async () => {
            await database.timeline.forget(id);
            await monitors.delete({ id });
          });
          await timelines[1].reset(ids[4]!);
        }
        await monitors.delete({ id: ids[3]! });
      };
      const prune = async () => {
        for (let i = 0; i < 5; i++) await timelines[1].prune({ beatsBefore: NOON + 60_000, seriesBefore: {} });
      };

      await Promise.all([apply(timelines[0], 0), apply(timelines[1], 3), remove(), prune()]);

      for (const id of ids.slice(0, 4)) await expect(world.isEmpty(id)).resolves.toBe(true);
      for (const id of ids.slice(5)) await expect(world.state(id)).resolves.toMatchObject({ time: NOON + 14 * 60_000 });
    });
  });
});
