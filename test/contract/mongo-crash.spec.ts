import { MINUTE, PERIODS, bucketStart, tally } from '@app/core';
import type { CheckResult, MonitorState } from '@app/core';
import { mongoPorts } from '@app/persistence/mongoose';
import { Effects } from '../../libs/persistence/src/mongoose/timeline/effects';
import type { Version } from '../../libs/persistence/src/mongoose/timeline/effects';
import type { StateDocument } from '../../libs/persistence/src/mongoose/timeline/documents';
import { NOON } from '../support/clock';
import { onEngines } from '../support/engines';
import { sampleDocument } from '../support/samples';
import { openMongoDatabase } from './database';
import type { MongoDatabase } from './database';
import { MortalDatabase } from './mortal-database';
import { ChannelRecord, LinkRecord, MonitorRecord, TIMELINE_ENTITIES } from './timeline.entities';
import { MonitorModel } from './timeline.model';
import { World, minutesAfterNoon as at } from './timeline.world';

/** MongoDB without transactions: whichever command a process dies at, nothing is lost and nothing doubled. */
onEngines(['mongo'], () => {
  let database: MongoDatabase;
  let world: World;

  beforeAll(async () => {
    database = await openMongoDatabase(TIMELINE_ENTITIES);
    world = new World(database);
  });

  afterAll(() => database.close());

  /** What a process does with the database until it dies. */
  const process = (diesAt?: number, alsoLost?: (command: number) => boolean) => {
    const mortal = new MortalDatabase(database.db, diesAt, alsoLost);
    return { ...mongoPorts(mortal.db, TIMELINE_ENTITIES, database.clock, { leaseMs: 20 }), mortal };
  };

  describe('a process that dies while it applies results', () => {
    const now = NOON + 3 * 60 * MINUTE;

    /** Three monitors with a past, and a batch that does everything a batch can do to them and to a fourth. */
    const scene = async () => {
      const channels = [await world.channel(), await world.channel()];
      const ids = [await world.monitor(), await world.monitor('up'), await world.monitor(), await world.monitor()];
      const [a, b, c, fresh] = ids as [string, string, string, string];
      for (const id of [a, b, fresh]) await world.link(id, ...channels);
      const models = new Map(ids.map((id) => [id, new MonitorModel(id === b ? 1 : 2, id === c ? [] : channels)]));
      const certificate = { document: sampleDocument(), notifyAtDays: [] };
      const past = [at(a, 0), at(b, 0, { latencyMs: 7 }), at(a, 1), at(b, 3, { status: 'down' }), at(c, 0)];
      const batch: CheckResult[] = [
        at(a, 1), // known
        at(a, 2, { status: 'down', message: 'refused' }),
        at(b, 2, { status: 'down' }), // late
        at(b, 4, { latencyMs: 5, certificate }),
        at(b, 4.5, { latencyMs: 11 }),
        at(a, 61),
        at(c, 0.5, { kind: 'push', nonce: 3 }),
        at(fresh, 5, { status: 'down' }),
        at(a, 61), // twice
      ];
      await database.timeline.apply(past);
      for (const result of past) models.get(result.monitorId)!.apply(result);
      return { ids, models, batch };
    };

    const expectHistories = async (models: ReadonlyMap<string, MonitorModel>) => {
      for (const [id, model] of models) expect(await world.history(id, now)).toEqual(model.history(now));
    };

    const commandsOfABatch = async () => {
      const { batch } = await scene();
      const { timeline, mortal } = process();
      await timeline.apply(batch);
      return mortal.commands;
    };

    it.each<[string, (command: number) => boolean]>([
      ['all that it sent at that time being lost', () => true],
      ['every other one of what it sent at that time arriving', (command) => command % 2 === 0],
    ])(
      'leaves each monitor before or after, and what comes again completes it: %s',
      async (_, alsoLost) => {
        const commands = await commandsOfABatch();
        expect(commands).toBeGreaterThan(12);

        for (let diesAt = 1; diesAt <= commands; diesAt++) {
          const { models, batch } = await scene();
          const before = new Map([...models].map(([id, model]) => [id, structuredClone(model.history(now))]));
          await expect(process(diesAt, alsoLost).timeline.apply(batch)).rejects.toThrow('killed');
          const states = await statesOf([...models.keys()]);
          if (diesAt % 2 === 0) await process().timeline.recover(0); // else whoever applies next finds it

          await process().timeline.apply(batch);
          for (const result of batch) models.get(result.monitorId)!.apply(result);

          await expectHistories(models);
          for (const [id, state] of states)
            expect([before.get(id)!.state, models.get(id)!.history(now).state]).toContainEqual(state);
        }
      },
      180_000,
    );

    it('loses nothing that it had decided, although nothing comes again', async () => {
      const commands = await commandsOfABatch();

      for (let diesAt = 1; diesAt <= commands; diesAt++) {
        const { models, batch, ids } = await scene();
        const before = new Map([...models].map(([id, model]) => [id, structuredClone(model.history(now))]));
        await expect(process(diesAt).timeline.apply(batch)).rejects.toThrow('killed');

        await Promise.all([process().timeline.recover(0), process().timeline.recover(0)]); // two find it at once

        for (const result of batch) models.get(result.monitorId)!.apply(result);
        for (const id of ids) {
          expect([before.get(id), models.get(id)!.history(now)]).toContainEqual(await world.history(id, now));
        }
      }
    }, 300_000);

    const statesOf = async (ids: string[]) => {
      const states = await database.timeline.states(ids);
      return ids.map((id): [string, MonitorState | null] => [id, states.get(id) ?? null]);
    };
  });

  it('a batch takes as many commands for forty monitors as for one', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => world.monitor()));
    const channel = await world.channel();
    for (const id of ids) await world.link(id, channel);
    const commands = async (some: string[], minutes: number) => {
      const { timeline, mortal } = process();
      await timeline.apply(some.map((id) => at(id, minutes, { status: minutes % 2 === 0 ? 'down' : 'up' })));
      return mortal.commands;
    };
    await commands(ids, 0);

    const forOne = await commands(ids.slice(0, 1), 1);
    const forForty = await commands(ids.slice(1), 1);

    expect(forForty).toBe(forOne);
    expect(forOne).toBeLessThan(15);
  });

  describe('a process that is slow', () => {
    /** Applies a result. @returns its version of the state as it was when nothing else was done yet */
    const advance = async (result: CheckResult): Promise<Version> => {
      const states = database.db.collection<StateDocument>('monitor_states');
      for (let diesAt = 1; ; diesAt++) {
        await process(diesAt)
          .timeline.apply([result])
          .catch(() => undefined);
        const state = await states.findOne({ _id: result.monitorId });
        if (!state?.pending) continue;
        const { _id: monitorId, key, version, pending } = state;
        await database.timeline.recover(0);
        return { monitorId, key, version, pending };
      }
    };

    it('does no harm when it does what others have done for it, and more since', async () => {
      const [id, channel] = await Promise.all([world.monitor(), world.channel()]);
      await world.link(id, channel);
      const model = new MonitorModel(2, [channel]);
      const versions: Version[] = [];
      for (const status of ['up', 'down', 'down', 'up'] as const) {
        const result = at(id, versions.length * 0.3, { status });
        versions.push(await advance(result));
        model.apply(result);
      }

      for (const version of versions) await new Effects(database.db).run([version]);
      await Promise.all(versions.map((version) => new Effects(database.db).run([version])));

      expect(await world.history(id, NOON)).toEqual(model.history(NOON));
    });

    it('does not show the status of before a reset', async () => {
      const id = await world.monitor();
      const version = await advance(at(id, 0, { status: 'down' }));
      await database.timeline.reset(id);
      await database.store.collection(MonitorRecord).update({ id }, { status: 2 });

      await new Effects(database.db).run([version]);

      await expect(world.statusNumber(id)).resolves.toBe(2);
      await expect(world.isEmpty(id)).resolves.toBe(true);
    });
  });

  it('several processes that get the same results at once store each once', async () => {
    const ids = await Promise.all([world.monitor(), world.monitor(), world.monitor()]);
    const statuses = ['up', 'down', 'up', 'maintenance'] as const;
    const results = Array.from({ length: 60 }, (_, i) =>
      at(ids[i % 3]!, Math.floor(i / 3) * 0.25, { status: statuses[i % 4], latencyMs: i }),
    );
    const batches = [results.slice(0, 25), results.slice(25, 40), results.slice(40)];
    const work = [...batches, ...batches].map((batch) => process().timeline.apply(batch));

    const applied = (await Promise.all(work)).flat();

    expect(new Set(applied.map(({ heartbeat }) => heartbeat.id)).size).toBe(applied.length);
    expect(applied).toHaveLength(60);
    for (const id of ids) {
      const [beats, series] = await Promise.all([world.beats(id), world.series(id)]);
      expect(beats).toHaveLength(20);
      for (const period of PERIODS) {
        for (const { start, up, down, maintenance, latencySum } of series[period]) {
          const inside = beats.filter(({ time }) => bucketStart(time, period) === start);
          const tallies = inside.map(({ status }) => tally(status));
          const total = (kind: 'up' | 'down' | 'maintenance') => tallies.reduce((sum, one) => sum + one[kind], 0);
          const latencies = inside.filter(({ status }) => status === 'up').map(({ latencyMs }) => latencyMs);
          expect({ up, down, maintenance, latencySum }).toEqual({
            up: total('up'),
            down: total('down'),
            maintenance: total('maintenance'),
            latencySum: latencies.reduce((sum, latency) => sum + latency, 0),
          });
        }
      }
    }
  });

  describe('a process that dies in a transaction', () => {
    const scene = async () => {
      const [id, ...channels] = await Promise.all([world.monitor(), world.channel(), world.channel(), world.channel()]);
      await world.link(id, channels[0], channels[1]);
      await database.timeline.apply([at(id, 0, { status: 'down' })]);
      return { id, channels };
    };
    const look = async (id: string) => {
      const { store } = database;
      const monitor = await store.collection(MonitorRecord).findOne({ id });
      const links = await store.collection(LinkRecord).find({ where: { monitorId: id }, order: { position: 'asc' } });
      return { monitor, links, history: await world.history(id, NOON) };
    };

    it.each<[string, (at: ReturnType<typeof process>, id: string, channels: string[]) => Promise<unknown>]>([
      [
        'changes a monitor and its channels',
        async ({ store }, id, channels) => {
          await store.collection(MonitorRecord).update({ id }, { name: 'changed', pushToken: `token of ${id}` });
          await store.collection(LinkRecord).delete({ monitorId: id });
          const links = [channels[1]!, channels[2]!].map((channelId, position) => ({
            monitorId: id,
            channelId,
            position,
          }));
          await store.collection(LinkRecord).insertMany(links);
        },
      ],
      [
        'resets a monitor',
        async ({ store, timeline }, id) => {
          await timeline.reset(id);
          await store.collection(MonitorRecord).update({ id }, { status: 2 });
        },
      ],
      [
        'deletes a monitor',
        async ({ store, timeline }, id) => {
          await timeline.forget(id);
          await store.collection(MonitorRecord).delete({ id });
        },
      ],
      ['deletes a channel', ({ store }, _, channels) => store.collection(ChannelRecord).delete({ id: channels[0]! })],
    ])(
      'has done all or nothing when it %s',
      async (_, work) => {
        const whole = await scene();
        const dry = process();
        await dry.store.transaction(() => work(dry, whole.id, whole.channels));
        const { commands } = dry.mortal;

        for (let diesAt = 1; diesAt <= commands; diesAt++) {
          const { id, channels } = await scene();
          const before = await look(id);
          const dying = process(diesAt);
          await expect(dying.store.transaction(() => work(dying, id, channels))).rejects.toThrow();

          await process().store.recover();

          expect(await look(id)).toEqual(before);
        }
      },
      120_000,
    );

    it('lets the next transaction in, which takes it back first', async () => {
      const { id } = await scene();
      const dying = process(4);
      const samples = dying.store.collection(MonitorRecord);
      await expect(
        dying.store.transaction(async () => {
          await samples.update({ id }, { name: 'half' });
          await samples.update({ id }, { name: 'done' });
        }),
      ).rejects.toThrow();

      const { store } = process();
      const name = await store.transaction(async () => (await store.collection(MonitorRecord).findOne({ id }))!.name);

      expect(name).toBe('Shop API');
    });
  });

  it('what a process leaves that dies while it deletes is taken away later', async () => {
    const id = await world.monitor();
    await world.link(id, await world.channel());
    await database.timeline.apply([at(id, 0)]);
    const dry = process();
    const other = await world.monitor();
    await dry.store.collection(MonitorRecord).delete({ id: other });

    const dying = process(3); // the monitor goes, what belongs to it does not any more
    await expect(dying.store.collection(MonitorRecord).delete({ id })).rejects.toThrow('killed');
    await process().store.recover();

    await expect(world.statusNumber(id)).resolves.toBeNull();
    await expect(database.store.collection(LinkRecord).count({ monitorId: id })).resolves.toBe(0);
    await expect(world.isEmpty(id)).resolves.toBe(true);
  });

  it('a reference to a record that goes at that moment is not stored', async () => {
    const links = database.store.collection(LinkRecord);
    for (let i = 0; i < 20; i++) {
      const [monitorId, channelId] = await Promise.all([world.monitor(), world.channel()]);

      await Promise.allSettled([
        links.insert({ monitorId, channelId, position: 0 }),
        database.store.collection(ChannelRecord).delete({ id: channelId }),
      ]);

      await expect(links.count({ channelId })).resolves.toBe(0);
    }
  });
});
