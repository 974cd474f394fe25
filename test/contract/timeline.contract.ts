import { DAY, Delivery, HOUR, MINUTE, newId, parseHeartbeatId } from '@app/core';
import type { Applied, CheckResult, Retention, Timeline } from '@app/core';
import fc from 'fast-check';
import type { FakeClock } from '../support/clock';
import { NOON } from '../support/clock';
import { sampleCertificate, sampleDocument, sampleResult } from '../support/samples';
import { MonitorModel } from './timeline.model';
import { World, minutesAfterNoon as at, withoutId } from './timeline.world';
import type { TimelineUnderTest } from './timeline.world';
import { gate } from './waiting';

const KEEP_ALL: Retention = { seriesBefore: {} };
const FAR = NOON + 1000 * DAY;

/** What every engine promises of `Timeline`. */
export function timelineContract(open: () => Promise<TimelineUnderTest>): void {
  describe('Timeline', () => {
    let context: TimelineUnderTest;
    let timeline: Timeline;
    let clock: FakeClock;
    let world: World;

    beforeAll(async () => {
      context = await open();
      ({ timeline, clock } = context);
      world = new World(context);
    });

    afterAll(() => context.close());

    beforeEach(() => clock.set(NOON));

    const timesOf = async (id: string) => (await world.beats(id)).map(({ time }) => (time - NOON) / MINUTE);
    const pruneAll = async (retention: Retention) => {
      let turns = 1;
      while (await timeline.prune(retention)) turns++;
      return turns;
    };

    describe('apply', () => {
      it('stores one beat and tells what it did', async () => {
        const id = await world.monitor();
        const result = sampleResult({ monitorId: id, message: '200 - OK', latencyMs: 143, endedAt: NOON + 144 });

        const applied = await timeline.apply([result]);

        const heartbeat = {
          id: expect.any(String),
          monitorId: id,
          status: 'up',
          message: '200 - OK',
          latencyMs: 143,
          downCount: 0,
          retries: 0,
          important: true,
          notified: false,
          time: NOON,
          endTime: NOON + 144,
        };
        expect(applied).toEqual([{ heartbeat, previousStatus: null, retry: false, announced: false }]);
        await expect(world.beats(id)).resolves.toEqual([applied[0]!.heartbeat]);
      });

      it('keeps state, series and the status of the monitor in step', async () => {
        const id = await world.monitor();

        await timeline.apply([
          at(id, 0, { latencyMs: 10 }),
          at(id, 1, { status: 'down', latencyMs: 99 }),
          at(id, 2, { status: 'maintenance', latencyMs: 0 }),
          at(id, 60, { latencyMs: 30 }),
          at(id, 60.5, { latencyMs: 20 }),
        ]);

        await expect(world.state(id)).resolves.toEqual({
          status: 'up',
          time: NOON + 60.5 * MINUTE,
          retries: 0,
          downCount: 0,
          announced: 'up',
          lastPushAt: null,
          lastMaintenanceAt: NOON + 2 * MINUTE,
        });
        await expect(world.statusNumber(id)).resolves.toBe(1);
        const none = { latencySum: 0, latencyMin: null, latencyMax: null };
        const minute = { up: 0, down: 0, maintenance: 0 };
        await expect(world.series(id)).resolves.toEqual({
          minute: [
            { ...minute, start: NOON, up: 1, latencySum: 10, latencyMin: 10, latencyMax: 10 },
            { ...minute, start: NOON + MINUTE, down: 1, ...none },
            { ...minute, start: NOON + 2 * MINUTE, maintenance: 1, ...none },
            { ...minute, start: NOON + HOUR, up: 2, latencySum: 50, latencyMin: 20, latencyMax: 30 },
          ],
          hour: [
            { start: NOON, up: 1, down: 1, maintenance: 1, latencySum: 10, latencyMin: 10, latencyMax: 10 },
            { ...minute, start: NOON + HOUR, up: 2, latencySum: 50, latencyMin: 20, latencyMax: 30 },
          ],
          day: [
            { start: NOON - 12 * HOUR, up: 3, down: 1, maintenance: 1, latencySum: 60, latencyMin: 10, latencyMax: 30 },
          ],
        });
      });

      it('takes a latency of zero for a latency', async () => {
        const id = await world.monitor();

        await timeline.apply([
          at(id, 0, { status: 'down' }),
          at(id, 0.2, { latencyMs: 5 }),
          at(id, 0.4, { latencyMs: 0 }),
        ]);

        const { minute } = await world.series(id);
        expect(minute).toMatchObject([{ latencySum: 5, latencyMin: 0, latencyMax: 5 }]);
      });

      it('applies in the order given', async () => {
        const id = await world.monitor();
        const letters = ['up', 'down', 'down', 'down', 'up'] as const;

        const applied = await timeline.apply(
          letters.map((status, i) => at(id, i, { status, rules: { maxRetries: 1 } })),
        );

        expect(
          applied.map(({ heartbeat, previousStatus, retry }) => [previousStatus, heartbeat.status, retry]),
        ).toEqual([
          [null, 'up', false],
          ['up', 'pending', true],
          ['pending', 'down', false],
          ['down', 'down', false],
          ['down', 'up', false],
        ]);
      });

      it('follows the rules across batches', async () => {
        const id = await world.monitor();
        const rules = { maxRetries: 1, resendInterval: 2 };
        const stored: Applied[] = [];

        for (let i = 0; i < 5; i++) stored.push(...(await timeline.apply([at(id, i, { status: 'down', rules })])));

        expect(stored.map(({ heartbeat: b }) => [b.status, b.retries, b.downCount, b.notified])).toEqual([
          ['pending', 1, 0, false],
          ['down', 2, 0, true],
          ['down', 3, 1, false],
          ['down', 4, 0, true],
          ['down', 5, 1, false],
        ]);
      });

      it('stores nothing when nothing is given', async () => {
        await expect(timeline.apply([])).resolves.toEqual([]);
      });

      it('stores nothing for a push that came in time', async () => {
        const id = await world.monitor();
        await timeline.apply([at(id, 0, { kind: 'push', nonce: 5 })]);

        const missed = await timeline.apply([at(id, 1, { kind: 'missed-push', status: 'down' })]);

        expect(missed).toEqual([]);
        await expect(timesOf(id)).resolves.toEqual([0]);
      });

      it('knows the last push, also after a beat that was none', async () => {
        const id = await world.monitor();
        await timeline.apply([at(id, 0, { kind: 'push', nonce: 5 }), at(id, 1, { status: 'maintenance' })]);
        const missed = { kind: 'missed-push', status: 'down' } as const;

        const inGrace = await timeline.apply([at(id, 2, missed)]);
        const later = await timeline.apply([at(id, 3, missed)]);

        expect(inGrace).toEqual([]);
        expect(later).toMatchObject([{ heartbeat: { status: 'down', message: 'No push received in time' } }]);
      });

      it.each([
        ['in the same batch', (r: CheckResult) => timeline.apply([r, r])],
        [
          'in another batch',
          async (r: CheckResult) => [...(await timeline.apply([r])), ...(await timeline.apply([r]))],
        ],
        [
          'in two batches at once',
          async (r: CheckResult) => (await Promise.all([timeline.apply([r]), timeline.apply([r])])).flat(),
        ],
      ])('stores a result once that is delivered twice %s', async (_, deliver) => {
        const id = await world.monitor();
        await world.link(id, await world.channel());
        const certificate = { document: sampleDocument(), notifyAtDays: [14] };

        const applied = await deliver(at(id, 0, { status: 'down', certificate }));

        expect(applied).toHaveLength(1);
        await expect(world.beats(id)).resolves.toHaveLength(1);
        expect((await world.series(id)).day).toMatchObject([{ up: 0, down: 1 }]);
        await expect(world.state(id)).resolves.toMatchObject({ retries: 1 });
        expect((await world.deliveries(id)).map(({ kind }) => kind)).toEqual(['down', 'certificate']);
      });

      it('stores a result once that is delivered again after newer ones', async () => {
        const id = await world.monitor();
        const [first, second] = [at(id, 0), at(id, 1, { status: 'down' })];
        await timeline.apply([first, second]);
        const before = await world.history(id, NOON);

        await expect(timeline.apply([first, second, first])).resolves.toEqual([]);

        await expect(world.history(id, NOON)).resolves.toEqual(before);
      });

      it('tells pushes of the same millisecond apart', async () => {
        const id = await world.monitor();
        const push = { kind: 'push', monitorId: id } as const;

        await timeline.apply([sampleResult({ ...push, nonce: 7 }), sampleResult({ ...push, nonce: 3 })]);

        const beats = await world.beats(id);
        expect(beats).toHaveLength(2);
        expect(beats.map(({ id: beatId }) => beatId)).toEqual(
          beats
            .map(({ id: beatId }) => beatId)
            .sort()
            .reverse(),
        );
      });

      it('keeps a late result as history without letting it change anything', async () => {
        const id = await world.monitor();
        await world.link(id, await world.channel());
        await timeline.apply([at(id, 5)]);
        const state = await world.state(id);

        const applied = await timeline.apply([at(id, 3, { status: 'down', message: 'late' })]);

        expect(applied).toMatchObject([
          { heartbeat: { status: 'down', important: false, notified: false }, retry: false, announced: false },
        ]);
        await expect(world.state(id)).resolves.toEqual(state);
        await expect(world.statusNumber(id)).resolves.toBe(1);
        await expect(world.deliveries(id)).resolves.toEqual([]);
        await expect(timesOf(id)).resolves.toEqual([5, 3]);
        expect((await world.series(id)).hour).toMatchObject([{ up: 1, down: 1 }]);
      });

      it.each([
        ['never existed', () => Promise.resolve(newId())],
        ['has a malformed id', () => Promise.resolve('nobody')],
        ['has an id with a character that no text may hold', () => Promise.resolve('no\0body')],
        [
          'was deleted and forgotten',
          async () => {
            const id = await world.monitor();
            await timeline.apply([at(id, 0)]);
            await timeline.forget(id);
            await world.removeMonitor(id);
            return id;
          },
        ],
        [
          'was deleted, and is about to be forgotten',
          async () => {
            const id = await world.monitor();
            await timeline.apply([at(id, 0)]);
            await world.removeMonitor(id);
            return id;
          },
        ],
      ])('leaves nothing for a monitor that %s', async (_, gone) => {
        const id = await gone();
        const other = await world.monitor();

        const applied = await timeline.apply([
          at(id, 1, { status: 'down', certificate: { document: sampleDocument(), notifyAtDays: [] } }),
          at(other, 1),
        ]);

        expect(applied.map(({ heartbeat }) => heartbeat.monitorId)).toEqual([other]);
        await timeline.forget(id);
        await expect(world.isEmpty(id)).resolves.toBe(true);
        await expect(timeline.certificate(id)).resolves.toBeNull();
        await expect(world.deliveries(id)).resolves.toEqual([]);
      });

      it('leaves nothing of a batch that fails', async () => {
        const id = await world.monitor('maintenance');
        await world.link(id, await world.channel());
        const circular = sampleDocument() as unknown as Record<string, unknown>;
        circular.self = circular;
        const poison = at(id, 1, { certificate: { document: circular as never, notifyAtDays: [] } });
        const fine = at(id, 0, { status: 'down', certificate: { document: sampleDocument(), notifyAtDays: [21] } });

        await expect(timeline.apply([fine, poison])).rejects.toThrow();

        await expect(world.isEmpty(id)).resolves.toBe(true);
        await expect(world.statusNumber(id)).resolves.toBe(3);
        await expect(world.deliveries(id)).resolves.toEqual([]);
        await expect(timeline.certificate(id)).resolves.toBeNull();
        await expect(timeline.apply([fine])).resolves.toMatchObject([{ announced: true, previousStatus: null }]);
      });

      it('cuts a message that is too long, between characters', async () => {
        const id = await world.monitor();

        const applied = await timeline.apply([at(id, 0, { message: '😀'.repeat(1_200) })]);

        const message = '😀'.repeat(1_000);
        expect(applied).toMatchObject([{ heartbeat: { message } }]);
        await expect(world.beats(id)).resolves.toMatchObject([{ message }]);
      });

      it.each([
        ['empty', ''],
        ['emoji and quotes', `🚨 "it's" \\ %_`],
        ['lines', 'a\nb'],
      ])('keeps a message: %s', async (_, message) => {
        const id = await world.monitor();

        await timeline.apply([at(id, 0, { message })]);

        await expect(world.beats(id)).resolves.toMatchObject([{ message }]);
      });

      it('keeps times to the millisecond and durations beyond 2^31', async () => {
        const id = await world.monitor();
        const values = { startedAt: NOON + 123, endedAt: NOON + 123 + 2 ** 33, latencyMs: 2 ** 32 };

        await timeline.apply([sampleResult({ monitorId: id, ...values })]);

        await expect(world.beats(id)).resolves.toMatchObject([
          { time: NOON + 123, endTime: NOON + 123 + 2 ** 33, latencyMs: 2 ** 32 },
        ]);
        expect((await world.series(id)).day).toMatchObject([{ latencySum: 2 ** 32, latencyMax: 2 ** 32 }]);
      });

      it('gives beats ids that no other beat has, and gives the same ones when they are read', async () => {
        const ids = await Promise.all([world.monitor(), world.monitor()]);

        const applied = await timeline.apply(ids.flatMap((id) => [at(id, 0), at(id, 1)]));

        const given = applied.map(({ heartbeat }) => heartbeat.id);
        expect(new Set(given).size).toBe(4);
        expect(given.map((id) => parseHeartbeatId(id)?.timeMs)).toEqual([NOON, NOON + MINUTE, NOON, NOON + MINUTE]);
        const read = (await Promise.all(ids.map((id) => world.beats(id)))).flat().map(({ id }) => id);
        expect(read.sort()).toEqual(given.sort());
      });
    });

    describe('what it tells the channels', () => {
      it('is one delivery per active channel, in the order of the links', async () => {
        const id = await world.monitor();
        const [first, second, silent, foreign] = await Promise.all([
          world.channel(),
          world.channel(),
          world.channel(false),
          world.channel(),
        ]);
        await world.link(id, second, silent, first);
        await world.link(await world.monitor(), foreign);
        clock.advance(777);

        const applied = await timeline.apply([at(id, 0, { status: 'down', message: 'connection refused' })]);

        const deliveries = await world.deliveries(id);
        expect(deliveries.map(({ channelId }) => channelId)).toEqual([second, first]);
        const now = new Date(NOON + 777);
        expect(deliveries[0]).toEqual({
          id: expect.any(String),
          createdAt: now,
          updatedAt: now,
          monitorId: id,
          channelId: second,
          kind: 'down',
          source: applied[0]!.heartbeat.id,
          text: 'connection refused',
          heartbeat: JSON.stringify(applied[0]!.heartbeat),
          state: 'waiting',
          attempts: 0,
          dueAt: now,
          lastError: null,
          finishedAt: null,
        });
        expect(applied).toMatchObject([{ announced: true, heartbeat: { notified: true } }]);
      });

      it('is nothing when there are no channels, although the beat counts as notified', async () => {
        const id = await world.monitor();

        const applied = await timeline.apply([at(id, 0, { status: 'down' })]);

        expect(applied).toMatchObject([{ announced: false, heartbeat: { notified: true } }]);
      });

      it('is each outage and each recovery, also across maintenance, in one batch or several', async () => {
        const id = await world.monitor();
        await world.link(id, await world.channel());

        await timeline.apply([at(id, 0), at(id, 1, { status: 'down' }), at(id, 2, { status: 'maintenance' })]);
        await timeline.apply([at(id, 3), at(id, 4), at(id, 5, { status: 'down' })]);

        expect((await world.deliveries(id)).map(({ kind }) => kind)).toEqual(['down', 'up', 'down']);
      });
    });

    describe('a certificate', () => {
      const seen = (id: string, minutes: number, daysRemaining: number, notifyAtDays = [7, 14, 21]) =>
        at(id, minutes, {
          certificate: {
            document: sampleDocument({
              daysRemaining,
              validTo: new Date(NOON + daysRemaining * DAY).toISOString(),
            }),
            notifyAtDays,
          },
        });
      const textsOf = async (id: string) =>
        (await world.deliveries(id)).map(({ text }) => /threshold: (\d+)/.exec(text)?.[1] ?? text.split('\n')[0]);

      it('is kept as it was seen last', async () => {
        const id = await world.monitor();
        await expect(timeline.certificate(id)).resolves.toBeNull();

        await timeline.apply([seen(id, 0, 50), seen(id, 1, 49)]);

        await expect(timeline.certificate(id)).resolves.toMatchObject({ valid: true, certInfo: { daysRemaining: 49 } });
      });

      it('stays when a check sees none', async () => {
        const id = await world.monitor();

        await timeline.apply([seen(id, 0, 50), at(id, 1, { status: 'down' })]);

        await expect(timeline.certificate(id)).resolves.toMatchObject({ certInfo: { daysRemaining: 50 } });
      });

      it('is not replaced by one that a late result saw before it', async () => {
        const id = await world.monitor();
        const before = { document: sampleDocument({ fingerprint256: 'AA' }), notifyAtDays: [21] };
        await timeline.apply([seen(id, 5, 50)]);

        const applied = await timeline.apply([at(id, 3, { certificate: before })]);

        expect(applied).toMatchObject([{ announced: false }]);
        await expect(timeline.certificate(id)).resolves.toMatchObject({ certInfo: { fingerprint256: '9A:07:C4' } });
      });

      it('is announced once, for the smallest threshold that applies', async () => {
        const id = await world.monitor('pending', 'Checkout API');
        const channel = await world.channel();
        await world.link(id, channel);
        const certificate = { document: sampleDocument(), notifyAtDays: [21, 7, 14] };

        const applied = await timeline.apply([at(id, 0, { certificate }), at(id, 1, { certificate })]);

        expect(applied.map(({ announced }) => announced)).toEqual([true, false]);
        const deliveries = await world.deliveries(id);
        expect(deliveries).toHaveLength(1);
        expect(deliveries[0]).toMatchObject({ channelId: channel, kind: 'certificate', heartbeat: null });
        expect(deliveries[0]!.text).toBe(
          [
            '🚨 Certificate Expiry Warning',
            '',
            'Monitor: Checkout API',
            'Certificate: shop.example.org (server)',
            'Expires in: 12 days',
            'Valid until: 2026-12-06 12:00:00',
            'Notification threshold: 14 days',
            'Valid for: shop.example.org (+2 more)',
            "Issuer: CN=R11,O=Let's Encrypt,C=US",
          ].join('\n'),
        );
      });

      it('is announced at each threshold on its way, and when it has ended', async () => {
        const id = await world.monitor();
        await world.link(id, await world.channel());

        await timeline.apply([30, 21, 20, 14, 8, 7, 1, 0, 0].map((days, i) => seen(id, i, days)));
        clock.advance(DAY);
        await timeline.apply([seen(id, 1440, 0), seen(id, 1441, 0)]);

        await expect(textsOf(id)).resolves.toEqual(['21', '14', '7', '🚨 Certificate Expired']);
      });

      it('starts over when another one takes its place', async () => {
        const id = await world.monitor();
        await world.link(id, await world.channel());
        const next = sampleCertificate({ fingerprint256: 'BB:01', daysRemaining: 13 });

        await timeline.apply([seen(id, 0, 13)]);
        await timeline.apply([
          at(id, 1, { certificate: { document: { valid: true, certInfo: next }, notifyAtDays: [14] } }),
        ]);

        await expect(textsOf(id)).resolves.toEqual(['14', '14']);
      });

      it.each<[string, number, number[]]>([
        ['nobody wants to hear of it', 1, []],
        ['there is time left', 22, [7, 14, 21]],
      ])('is not announced when %s', async (_, days, thresholds) => {
        const id = await world.monitor();
        await world.link(id, await world.channel());

        const applied = await timeline.apply([seen(id, 0, days, thresholds)]);

        expect(applied).toMatchObject([{ announced: false }]);
        await expect(world.deliveries(id)).resolves.toEqual([]);
      });

      it('reaches active channels only', async () => {
        const id = await world.monitor();
        await world.link(id, await world.channel(false));

        await expect(timeline.apply([seen(id, 0, 5)])).resolves.toMatchObject([{ announced: false }]);
        await expect(world.deliveries(id)).resolves.toEqual([]);
      });

      it('may have no details', async () => {
        const id = await world.monitor();
        await world.link(id, await world.channel());

        await timeline.apply([at(id, 0, { certificate: { document: { valid: false }, notifyAtDays: [7] } })]);

        await expect(timeline.certificate(id)).resolves.toEqual({ valid: false });
        await expect(world.deliveries(id)).resolves.toEqual([]);
      });
    });

    describe('states', () => {
      it('tells of many monitors at once, and leaves out those without a beat', async () => {
        const [one, two, idle] = await Promise.all([world.monitor(), world.monitor(), world.monitor()]);
        await timeline.apply([at(one, 0), at(two, 1, { status: 'down' })]);

        const states = await timeline.states([one, two, idle, newId(), 'malformed']);

        expect([...states.keys()].sort()).toEqual([one, two].sort());
        expect(states.get(one)).toMatchObject({ status: 'up', time: NOON, announced: null });
        expect(states.get(two)).toMatchObject({ status: 'down', time: NOON + MINUTE, announced: 'down' });
        await expect(timeline.states([])).resolves.toEqual(new Map());
      });
    });

    describe('beats', () => {
      let id: string;

      beforeAll(async () => {
        id = await world.monitor();
        const statuses = ['up', 'down', 'down', 'up', 'up', 'up'] as const;
        await timeline.apply(statuses.map((status, i) => at(id, i, { status })));
      });

      it.each([
        [{ limit: 3 }, [5, 4, 3]],
        [{ limit: 3, offset: 4 }, [1, 0]],
        [{ limit: 3, offset: 6 }, []],
        [{ limit: 1000 }, [5, 4, 3, 2, 1, 0]],
        [{ limit: 10, important: true }, [3, 1, 0]],
        [{ limit: 1, important: true }, [3]],
        [{ limit: 2, offset: 1, important: true }, [1, 0]],
        [{ limit: 10, important: false }, [5, 4, 2]],
        [{ limit: 2, offset: 2, important: false }, [2]],
      ])('of %j are these, newest first', async (window, expected) => {
        const beats = await timeline.beats(id, window);

        expect(beats.map(({ time }) => (time - NOON) / MINUTE)).toEqual(expected);
      });

      it('of several monitors are those of each, as many as asked for', async () => {
        const other = await world.monitor();
        await timeline.apply([at(other, 0), at(other, 1)]);
        const silent = await world.monitor();
        const newest = await timeline.newest([other, id, silent, newId(), '', '\0', id], 2);

        expect([...newest.keys()].sort()).toEqual([id, other].sort());
        expect(newest.get(id)).toEqual(await timeline.beats(id, { limit: 2 }));
        expect(newest.get(other)).toEqual(await world.beats(other));
        await expect(timeline.newest([], 2)).resolves.toEqual(new Map());
      });

      it('of the same millisecond come in one order, on every page', async () => {
        const pushed = await world.monitor();
        const nonces = [9, 1, 5, 3, 7, 2, 8];
        await timeline.apply(nonces.map((nonce) => sampleResult({ kind: 'push', monitorId: pushed, nonce })));

        const all = await world.beats(pushed);
        const pages = await Promise.all([0, 2, 4, 6].map((offset) => timeline.beats(pushed, { limit: 2, offset })));

        expect(pages.flat()).toEqual(all);
        expect(all.map((beat) => beat.id)).toEqual(
          all
            .map((beat) => beat.id)
            .sort()
            .reverse(),
        );
      });

      it.each([
        ['unknown', newId()],
        ['malformed', 'x'],
        ['empty', ''],
        ['unprintable', '\0'],
      ])('of an %s monitor are none', async (_, unknown) => {
        await expect(timeline.beats(unknown, { limit: 10 })).resolves.toEqual([]);
      });
    });

    describe('series', () => {
      it('holds the buckets that start in the range, both ends included, ascending', async () => {
        const id = await world.monitor();
        await timeline.apply([5, 0, 1, 2, 3].map((minutes) => at(id, minutes)));

        const inRange = await timeline.series(id, 'minute', NOON + MINUTE, NOON + 3 * MINUTE);

        expect(inRange.map(({ start }) => (start - NOON) / MINUTE)).toEqual([1, 2, 3]);
        await expect(timeline.series(id, 'minute', NOON + 1, NOON + MINUTE - 1)).resolves.toEqual([]);
        await expect(timeline.series(id, 'hour', NOON, NOON)).resolves.toMatchObject([{ start: NOON, up: 5 }]);
      });

      it('of an unknown monitor holds nothing', async () => {
        await expect(timeline.series(newId(), 'day', 0, NOON)).resolves.toEqual([]);
      });
    });

    describe('uptime', () => {
      /** Now, so that no bucket starts at the old end of a window. */
      const now = NOON + 34 * MINUTE + 56_789;
      const beatAt = (id: string, startedAt: number, status: 'up' | 'down' | 'pending' | 'maintenance' = 'up') =>
        sampleResult({ monitorId: id, startedAt, status });
      const uptime = async (id: string, ...windows: number[]) => (await timeline.uptime([id], windows, now)).get(id);

      it.each<[string, number, number, number]>([
        ['a beat of this moment', now, DAY, 1],
        ['a beat just inside the last 24 hours', now - DAY + MINUTE, DAY, 1],
        ['not a beat of the minute before', now - DAY - MINUTE, DAY, 0],
        ['the first whole minute', NOON - DAY + 35 * MINUTE, DAY, 1],
        ['not the minute that the window cuts', NOON - DAY + 35 * MINUTE - 1, DAY, 0],
        ['a beat where minutes give way to hours', NOON - DAY + HOUR, DAY, 1],
        ['a beat just before that', NOON - DAY + HOUR - 1, DAY, 1],
        ['a beat of yesterday evening', NOON - 12 * HOUR - 1, DAY, 1],
        ['a beat just inside the last 7 days', now - 7 * DAY + HOUR, 7 * DAY, 1],
        ['not a beat of the hour before', now - 7 * DAY - HOUR, 7 * DAY, 0],
        ['a beat where hours give way to days', NOON - 6.5 * DAY, 7 * DAY, 1],
        ['a beat just before that', NOON - 6.5 * DAY - 1, 7 * DAY, 1],
        ['a beat of last week, for the last 30 days', NOON - 8 * DAY, 30 * DAY, 1],
        ['a beat of last year, for the last 365 days', NOON - 364 * DAY, 365 * DAY, 1],
        ['not a beat older than that', NOON - 366 * DAY, 365 * DAY, 0],
        ['a beat of the last half hour, for the last hour', NOON + 5 * MINUTE, HOUR, 1],
        ['a beat of the last half hour, across the full hour', NOON - 10 * MINUTE, HOUR, 1],
        ['not a beat of two hours ago, for the last hour', NOON - 90 * MINUTE, HOUR, 0],
      ])('counts %s', async (_, time, windowMs, expected) => {
        const id = await world.monitor();
        await timeline.apply([beatAt(id, time)]);

        await expect(uptime(id, windowMs)).resolves.toEqual([{ up: expected, down: 0 }]);
      });

      it('counts each beat once, whatever buckets it is in', async () => {
        const id = await world.monitor();
        const everyTenMinutes = Array.from({ length: 10 * 144 }, (_, i) => now - i * 10 * MINUTE);
        await timeline.apply(everyTenMinutes.reverse().map((time, i) => beatAt(id, time, i % 4 === 0 ? 'down' : 'up')));

        const [day, twoDays, week] = (await uptime(id, DAY, 2 * DAY, 7 * DAY))!;

        expect(day!.up + day!.down).toBe(144);
        expect(twoDays!.up + twoDays!.down).toBe(288);
        // The old end cuts an hour, which then does not count: two of its beats were younger than seven days.
        expect(week!.up + week!.down).toBe(1008 - 2);
        expect(day!.down).toBe(36);
      });

      it('counts pending as down, and maintenance as neither', async () => {
        const id = await world.monitor();
        const statuses = ['up', 'up', 'up', 'maintenance', 'maintenance', 'pending'] as const;
        await timeline.apply(statuses.map((status, i) => beatAt(id, NOON + i * MINUTE, status)));

        await expect(uptime(id, DAY)).resolves.toEqual([{ up: 3, down: 1 }]);
      });

      it('answers for many monitors, windows in the order given; those without a beat have no entry', async () => {
        const [one, two, idle] = await Promise.all([world.monitor(), world.monitor(), world.monitor()]);
        await timeline.apply([beatAt(one, NOON), beatAt(one, NOON - 3 * DAY, 'down'), beatAt(two, NOON - 20 * DAY)]);

        const counts = await timeline.uptime([two, one, idle, newId()], [30 * DAY, DAY], now);

        expect(counts).toEqual(
          new Map([
            [
              two,
              [
                { up: 1, down: 0 },
                { up: 0, down: 0 },
              ],
            ],
            [
              one,
              [
                { up: 1, down: 1 },
                { up: 1, down: 0 },
              ],
            ],
          ]),
        );
      });
    });

    describe('reset', () => {
      it('forgets beats and series, at once and for good', async () => {
        const [id, other] = await Promise.all([world.monitor(), world.monitor()]);
        await timeline.apply([at(id, 0), at(id, 1, { status: 'down' }), at(other, 0)]);

        await timeline.reset(id);

        await expect(world.isEmpty(id)).resolves.toBe(true);
        await expect(timeline.uptime([id], [DAY], NOON + HOUR)).resolves.toEqual(new Map());
        await expect(timesOf(other)).resolves.toEqual([0]);
        const applied = await timeline.apply([at(id, 2)]);
        expect(applied).toMatchObject([{ previousStatus: null, heartbeat: { important: true, retries: 0 } }]);
        await expect(timesOf(id)).resolves.toEqual([2]);
      });

      it('takes a beat of a moment that it had before', async () => {
        const id = await world.monitor();
        await timeline.apply([at(id, 0)]);

        await timeline.reset(id);

        await expect(timeline.apply([at(id, 0)])).resolves.toHaveLength(1);
      });

      it('keeps what was announced: no second outage message, and the recovery is told', async () => {
        const id = await world.monitor();
        await world.link(id, await world.channel());
        await timeline.apply([at(id, 0, { status: 'down' })]);

        await timeline.reset(id);
        await timeline.apply([at(id, 1, { status: 'down' }), at(id, 2)]);

        expect((await world.deliveries(id)).map(({ kind }) => kind)).toEqual(['down', 'up']);
      });

      it('keeps the certificate and which notices were given for it', async () => {
        const id = await world.monitor();
        await world.link(id, await world.channel());
        const certificate = { document: sampleDocument(), notifyAtDays: [14] };
        await timeline.apply([at(id, 0, { certificate })]);

        await timeline.reset(id);
        await timeline.apply([at(id, 1, { certificate })]);

        await expect(timeline.certificate(id)).resolves.toEqual(sampleDocument());
        await expect(world.deliveries(id)).resolves.toHaveLength(1);
      });

      it('keeps the grace of a push monitor after its last push and its last maintenance', async () => {
        const [pushed, maintained] = await Promise.all([world.monitor(), world.monitor()]);
        await timeline.apply([at(pushed, 1, { kind: 'push', nonce: 1 }), at(maintained, 1, { status: 'maintenance' })]);

        await Promise.all([timeline.reset(pushed), timeline.reset(maintained)]);

        const missed = { kind: 'missed-push', status: 'down' } as const;
        await expect(timeline.apply([at(pushed, 2, missed), at(maintained, 2, missed)])).resolves.toEqual([]);
      });

      it.each([
        ['without a beat', () => world.monitor()],
        ['that nobody knows', () => Promise.resolve(newId())],
      ])('does nothing to a monitor %s', async (_, monitor) => {
        const id = await monitor();

        await expect(timeline.reset(id)).resolves.toBeUndefined();

        await expect(world.isEmpty(id)).resolves.toBe(true);
      });
    });

    describe('forget', () => {
      it('leaves nothing to be read of the monitor, and nothing less of others', async () => {
        const [id, other] = await Promise.all([world.monitor(), world.monitor()]);
        const certificate = { document: sampleDocument(), notifyAtDays: [14] };
        await timeline.apply([at(id, 0, { certificate }), at(other, 0, { certificate })]);

        await timeline.forget(id);
        await world.removeMonitor(id);

        await expect(world.isEmpty(id)).resolves.toBe(true);
        await expect(timeline.certificate(id)).resolves.toBeNull();
        await expect(timeline.certificate(other)).resolves.toEqual(sampleDocument());
        await expect(timesOf(other)).resolves.toEqual([0]);
      });

      it('forgets what was announced', async () => {
        const id = await world.monitor();
        await world.link(id, await world.channel());
        await timeline.apply([at(id, 0, { status: 'down' })]);

        await timeline.forget(id);
        await timeline.apply([at(id, 1, { status: 'down' })]);

        expect((await world.deliveries(id)).map(({ kind }) => kind)).toEqual(['down', 'down']);
      });

      it('does nothing to a monitor that nobody knows', async () => {
        await expect(timeline.forget(newId())).resolves.toBeUndefined();
      });
    });

    it.each<[string, (id: string) => Promise<void>]>([
      ['reset', (id) => timeline.reset(id)],
      ['forget', (id) => timeline.forget(id)],
    ])('%s stands and falls with a transaction of the store', async (_, change) => {
      const id = await world.monitor();
      await timeline.apply([at(id, 0, { certificate: { document: sampleDocument(), notifyAtDays: [] } })]);
      const before = await world.history(id, NOON);
      const boom = new Error('boom');

      const failing = context.store.transaction(async () => {
        await change(id);
        throw boom;
      });

      await expect(failing).rejects.toBe(boom);
      await expect(world.history(id, NOON)).resolves.toEqual(before);
      await expect(timeline.certificate(id)).resolves.toEqual(sampleDocument());
      await context.store.transaction(() => change(id));
      await expect(world.isEmpty(id)).resolves.toBe(true);
    });

    it('applies results in their turn while a transaction of the store is open, and keeps them when that fails', async () => {
      const id = await world.monitor();
      const [opened, fail] = [gate(), gate()];
      const failing = context.store.transaction(async () => {
        opened.open();
        await fail.passed;
        throw new Error('boom');
      });
      await opened.passed;

      const applying = timeline.apply([at(id, 0)]);
      fail.open();

      await expect(failing).rejects.toThrow('boom');
      await expect(applying).resolves.toHaveLength(1);
      await expect(timesOf(id)).resolves.toEqual([0]);
    });

    describe('prune', () => {
      /** What earlier tests left behind. */
      beforeEach(() => pruneAll({ beatsBefore: FAR, seriesBefore: { minute: FAR, hour: FAR, day: FAR } }));

      it('deletes beats that are older than told, and no others', async () => {
        const id = await world.monitor();
        await timeline.apply([0, 1, 2, 3].map((minutes) => at(id, minutes)));

        await pruneAll({ beatsBefore: NOON + 2 * MINUTE, seriesBefore: {} });

        await expect(timesOf(id)).resolves.toEqual([3, 2]);
        expect((await world.series(id)).minute).toHaveLength(4);
        await expect(world.state(id)).resolves.toMatchObject({ time: NOON + 3 * MINUTE });
      });

      it('deletes buckets by the age told for their period', async () => {
        const id = await world.monitor();
        await timeline.apply([-2 * 1440, -60, 0, 1].map((minutes) => at(id, minutes)));

        await pruneAll({ seriesBefore: { minute: NOON + MINUTE, hour: NOON } });

        const { minute, hour, day } = await world.series(id);
        expect([minute.length, hour.length, day.length]).toEqual([1, 1, 2]);
        await expect(timesOf(id)).resolves.toEqual([1, 0, -60, -2880]);
      });

      it('keeps everything for which no age is told', async () => {
        const id = await world.monitor();
        await timeline.apply([at(id, -500 * 1440), at(id, 0)]);
        const before = await world.history(id, NOON);

        await expect(timeline.prune(KEEP_ALL)).resolves.toBe(false);

        await expect(world.history(id, NOON)).resolves.toEqual(before);
      });

      it('takes the history of forgotten and reset monitors off the disk', async () => {
        const start = await context.rows();
        const [gone, reset, stays] = await Promise.all([world.monitor(), world.monitor(), world.monitor()]);
        await timeline.apply([gone, reset, stays].flatMap((id) => [at(id, 0), at(id, 1)]));
        await timeline.reset(reset);
        await timeline.forget(gone);
        await world.removeMonitor(gone);

        await pruneAll(KEEP_ALL);

        const { beats, buckets } = await context.rows();
        expect([beats - start.beats, buckets - start.buckets]).toEqual([2, 4]);
        await expect(timesOf(stays)).resolves.toEqual([1, 0]);
      });

      it('takes the history of a monitor off the disk that was deleted but never forgotten', async () => {
        const start = await context.rows();
        const id = await world.monitor();
        await timeline.apply([at(id, 0)]);
        await world.removeMonitor(id);

        await pruneAll(KEEP_ALL);

        await expect(context.rows()).resolves.toEqual(start);
      });

      it.each([
        ['spread over time', (i: number) => ({ startedAt: NOON + i, nonce: 0 })],
        ['all of one millisecond', (i: number) => ({ startedAt: NOON, nonce: i + 1 })],
        ['many in each millisecond', (i: number) => ({ startedAt: NOON + Math.floor(i / 7), nonce: i + 1 })],
      ])('deletes very many in several turns, until none is left: %s', async (_, moment) => {
        const id = await world.monitor();
        const results = Array.from({ length: 6_500 }, (_, i) =>
          sampleResult({ kind: 'push', monitorId: id, ...moment(i) }),
        );
        for (let i = 0; i < results.length; i += 500) await timeline.apply(results.slice(i, i + 500));
        await timeline.apply([at(id, 60)]);
        const before = await context.rows();

        const more = await timeline.prune({ beatsBefore: NOON + HOUR, seriesBefore: {} });
        const left = (await context.rows()).beats;
        await pruneAll({ beatsBefore: NOON + HOUR, seriesBefore: {} });

        if (moment(0).startedAt !== moment(6_499).startedAt) {
          expect(more).toBe(true);
          expect(left).toBeGreaterThan(before.beats - 6_500);
        }
        await expect(timesOf(id)).resolves.toEqual([60]);
        expect((await context.rows()).beats).toBe(before.beats - 6_500);
      });

      it('lets results in between its turns', async () => {
        const id = await world.monitor();
        for (let i = 0; i < 6; i++) {
          await timeline.apply(
            Array.from({ length: 1_000 }, (_, j) => sampleResult({ monitorId: id, startedAt: NOON + i * 1_000 + j })),
          );
        }

        const pruning = pruneAll({ beatsBefore: NOON + HOUR, seriesBefore: {} });
        const applying = timeline.apply([at(id, 61)]);

        await Promise.all([pruning, applying]);
        await expect(timesOf(id)).resolves.toEqual([61]);
      });
    });

    it('gives what the rules give for any stream of results, in any batches, at once or in turn', async () => {
      const result = fc.record({
        monitor: fc.nat(2),
        seconds: fc.integer({ min: 0, max: 400 }).map((n) => n * 30),
        kind: fc.constantFrom<CheckResult['kind']>('check', 'push', 'missed-push'),
        status: fc.constantFrom<CheckResult['status']>('up', 'up', 'down', 'down', 'pending', 'maintenance'),
        nonce: fc.nat(2),
        latencyMs: fc.nat(5_000),
        maxRetries: fc.nat(2),
        resendInterval: fc.nat(2),
        graceFrom: fc.option(fc.constant(NOON), { nil: undefined }),
      });
      const round = fc.record({
        fresh: fc.array(result, { minLength: 1, maxLength: 12 }),
        repeatLast: fc.boolean(),
        atOnce: fc.boolean(),
      });

      await fc.assert(
        fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 6 }), async (rounds) => {
          const [loud, quiet] = await Promise.all([world.channel(), world.channel(false)]);
          const ids = await Promise.all([world.monitor(), world.monitor('up'), world.monitor('down')]);
          await Promise.all([world.link(ids[0], loud, quiet), world.link(ids[1], quiet)]);
          const models = new Map([
            [ids[0], new MonitorModel(2, [loud])],
            [ids[1], new MonitorModel(1, [])],
            [ids[2], new MonitorModel(0, [])],
          ]);
          let last: CheckResult[] = [];

          for (const { fresh, repeatLast, atOnce } of rounds) {
            const made = fresh.map(({ monitor, seconds, kind, nonce, maxRetries, resendInterval, ...values }, i) =>
              sampleResult({
                ...values,
                kind,
                monitorId: ids[monitor]!,
                startedAt: NOON + seconds * 1_000,
                nonce: kind === 'push' ? nonce + 1 : 0,
                message: `beat ${i}`,
                rules: { maxRetries, resendInterval },
              }),
            );
            const stream = repeatLast ? [...last, ...made] : made;
            last = made;
            // Calls at once have no order among them, so each monitor is in one of them only.
            const batches = atOnce ? ids.map((id) => stream.filter(({ monitorId }) => monitorId === id)) : [stream];

            const applied = (await Promise.all(batches.map((batch) => timeline.apply(batch)))).flat();

            const expected = batches.flat().flatMap((one) => models.get(one.monitorId)!.apply(one) ?? []);
            expect(
              applied.map(({ heartbeat, previousStatus, retry }) => ({
                heartbeat: withoutId(heartbeat),
                previousStatus,
                retry,
              })),
            ).toEqual(expected);
          }

          const now = NOON + 12_000_000;
          for (const [id, model] of models) expect(await world.history(id, now)).toEqual(model.history(now));
        }),
        { numRuns: context.runs ?? 60 },
      );
    });

    it('writes deliveries that the store can work on', async () => {
      const id = await world.monitor();
      await world.link(id, await world.channel());
      await timeline.apply([at(id, 0, { status: 'down' })]);

      const due = context.store
        .collection(Delivery)
        .count({ monitorId: id, state: 'waiting', dueAt: { to: new Date(NOON) } });

      await expect(due).resolves.toBe(1);
    });

    it('says so when the database is away, and then has applied nothing', async () => {
      const other = await open();
      const id = await new World(other).monitor();
      await other.close();

      await expect(other.timeline.apply([at(id, 0)])).rejects.toMatchObject({ code: 'unavailable' });
    });
  });
}
