import { SECOND, newId, nextDue } from '@app/core';
import type { Schedule } from '@app/core';
import type { FakeClock } from '../support/clock';
import { NOON } from '../support/clock';

export interface ScheduleUnderTest {
  schedule: Schedule;
  clock: FakeClock;
  close(): Promise<void>;
}

const INTERVAL = 60 * SECOND;

/** What every engine promises of `Schedule`. */
export function scheduleContract(engine: string, open: () => Promise<ScheduleUnderTest>): void {
  describe(`Schedule on ${engine}`, () => {
    let context: ScheduleUnderTest;
    let schedule: Schedule;
    let clock: FakeClock;

    beforeEach(async () => {
      context = await open();
      ({ schedule, clock } = context);
    });

    afterEach(() => context.close());

    const first = (id: string, intervalMs = INTERVAL) => nextDue(id, intervalMs, NOON);
    const claimAt = (ms: number, limit = 100) => {
      clock.set(ms);
      return schedule.claim(limit);
    };

    describe('put', () => {
      it('makes a new entry due at its next tick, not before', async () => {
        const id = newId();
        await schedule.put({ id, intervalMs: INTERVAL });

        await expect(claimAt(first(id) - 1)).resolves.toEqual([]);
        await expect(claimAt(first(id))).resolves.toEqual([id]);
      });

      it('makes an entry due now when told to; then it follows its phase', async () => {
        const id = newId();
        await schedule.put({ id, intervalMs: INTERVAL }, { immediately: true });

        await expect(schedule.claim(10)).resolves.toEqual([id]);
        await expect(claimAt(first(id) - 1)).resolves.toEqual([]);
        await expect(claimAt(first(id))).resolves.toEqual([id]);
      });

      it('makes a known entry due now when told to', async () => {
        const id = newId();
        await schedule.put({ id, intervalMs: INTERVAL });

        await schedule.put({ id, intervalMs: INTERVAL }, { immediately: true });

        await expect(schedule.claim(10)).resolves.toEqual([id]);
      });

      it('leaves a known entry alone, also one that is overdue or moved', async () => {
        const [moved, overdue] = [newId(), newId()];
        await schedule.put({ id: moved, intervalMs: INTERVAL });
        await schedule.put({ id: overdue, intervalMs: INTERVAL }, { immediately: true });
        await schedule.reschedule(moved, NOON + 5);

        await schedule.put({ id: moved, intervalMs: INTERVAL });
        await schedule.put({ id: overdue, intervalMs: INTERVAL });

        await expect(claimAt(NOON + 5)).resolves.toEqual([overdue, moved]);
      });

      it('moves an entry with a changed interval to its next tick', async () => {
        const id = newId();
        await schedule.put({ id, intervalMs: 3_600 * SECOND }, { immediately: true });

        await schedule.put({ id, intervalMs: INTERVAL });

        await expect(schedule.claim(10)).resolves.toEqual([]);
        await expect(claimAt(first(id))).resolves.toEqual([id]);
      });
    });

    describe('claim', () => {
      it('gives out what is due, earliest first, as much as asked for', async () => {
        const ids = Array.from({ length: 5 }, () => newId());
        for (const [i, id] of ids.entries()) {
          await schedule.put({ id, intervalMs: INTERVAL });
          await schedule.reschedule(id, NOON - i);
        }

        await expect(schedule.claim(2)).resolves.toEqual([ids[4], ids[3]]);
        await expect(schedule.claim(0)).resolves.toEqual([]);
        await expect(schedule.claim(10)).resolves.toEqual([ids[2], ids[1], ids[0]]);
        await expect(schedule.claim(10)).resolves.toEqual([]);
      });

      it('neither skips nor repeats a tick, claimed late or not', async () => {
        const id = newId();
        await schedule.put({ id, intervalMs: INTERVAL });

        for (let i = 0; i < 50; i++) {
          const due = first(id) + i * INTERVAL;
          await expect(claimAt(due - 1)).resolves.toEqual([]);
          await expect(claimAt(due + (i % 5) * SECOND)).resolves.toEqual([id]);
        }
      });

      it('does not pile up ticks that were missed', async () => {
        const id = newId();
        await schedule.put({ id, intervalMs: INTERVAL });

        await expect(claimAt(first(id) + 10 * INTERVAL + 1)).resolves.toEqual([id]);
        await expect(schedule.claim(10)).resolves.toEqual([]);
        await expect(claimAt(first(id) + 11 * INTERVAL)).resolves.toEqual([id]);
      });

      it('gives each tick to one of many producers', async () => {
        const ids = Array.from({ length: 100 }, () => newId());
        await schedule.sync(ids.map((id) => ({ id, intervalMs: INTERVAL })));
        clock.advance(INTERVAL);

        const claims = await Promise.all(Array.from({ length: 12 }, () => schedule.claim(9)));

        expect(claims.flat().sort()).toEqual(ids.sort());
      });
    });

    it('spreads entries over their interval, by a phase that a restart keeps', async () => {
      const ids = Array.from({ length: 300 }, () => newId());
      await schedule.sync(ids.map((id) => ({ id, intervalMs: INTERVAL })));
      const claimed: string[] = [];

      for (let second = 1; second <= 60; second++) {
        const due = await claimAt(NOON + second * SECOND);
        expect(due).toEqual(
          ids
            .filter((id) => first(id) <= clock.now() && first(id) > clock.now() - SECOND)
            .sort((a, b) => first(a) - first(b) || due.indexOf(a) - due.indexOf(b)),
        );
        claimed.push(...due);
      }

      expect(claimed.sort()).toEqual(ids.sort());
    });

    describe('remove', () => {
      it('takes an entry out for good', async () => {
        const [gone, stays] = [newId(), newId()];
        await schedule.put({ id: gone, intervalMs: INTERVAL }, { immediately: true });
        await schedule.put({ id: stays, intervalMs: INTERVAL }, { immediately: true });

        await schedule.remove(gone);
        await schedule.remove(newId());

        await expect(schedule.claim(10)).resolves.toEqual([stays]);
        await expect(claimAt(NOON + 10 * INTERVAL)).resolves.toEqual([stays]);
      });

      it('makes an entry new that is put again', async () => {
        const id = newId();
        await schedule.put({ id, intervalMs: INTERVAL }, { immediately: true });
        await schedule.remove(id);

        await schedule.put({ id, intervalMs: INTERVAL });

        await expect(schedule.claim(10)).resolves.toEqual([]);
        await expect(claimAt(first(id))).resolves.toEqual([id]);
      });
    });

    describe('reschedule', () => {
      it('moves the next tick; the one after follows the phase again', async () => {
        const id = newId();
        await schedule.put({ id, intervalMs: INTERVAL });
        const early = first(id) + 20 * SECOND;

        await schedule.reschedule(id, early);

        await expect(claimAt(early - 1)).resolves.toEqual([]);
        await expect(claimAt(early)).resolves.toEqual([id]);
        await expect(claimAt(first(id) + INTERVAL)).resolves.toEqual([id]);
      });

      it('does not bring back an entry that was removed, nor make one up', async () => {
        const id = newId();
        await schedule.put({ id, intervalMs: INTERVAL });
        await schedule.remove(id);

        await schedule.reschedule(id, NOON);
        await schedule.reschedule(newId(), NOON);

        await expect(claimAt(NOON + 10 * INTERVAL)).resolves.toEqual([]);
      });
    });

    describe('sync', () => {
      it('makes the schedule hold exactly what is given', async () => {
        const [gone, kept, changed, added] = [newId(), newId(), newId(), newId()];
        for (const id of [gone, kept, changed]) await schedule.put({ id, intervalMs: INTERVAL }, { immediately: true });

        await schedule.sync([
          { id: kept, intervalMs: INTERVAL },
          { id: changed, intervalMs: 2 * INTERVAL },
          { id: added, intervalMs: INTERVAL },
        ]);

        await expect(schedule.claim(10)).resolves.toEqual([kept]);
        const claimed = await claimAt(NOON + 2 * INTERVAL);
        expect(claimed.sort()).toEqual([kept, changed, added].sort());
      });

      it('empties the schedule when given nothing', async () => {
        await schedule.put({ id: newId(), intervalMs: INTERVAL }, { immediately: true });

        await schedule.sync([]);

        await expect(claimAt(NOON + 10 * INTERVAL)).resolves.toEqual([]);
      });
    });

    describe('wait', () => {
      const quiet = () => new AbortController();

      it('is over at once when something is due', async () => {
        await schedule.put({ id: newId(), intervalMs: INTERVAL }, { immediately: true });

        await expect(schedule.wait(quiet().signal)).resolves.toBeUndefined();
      });

      it('is over when something becomes due', async () => {
        const id = newId();
        await schedule.put({ id, intervalMs: INTERVAL });
        clock.set(first(id) - 15);

        await schedule.wait(quiet().signal);

        await expect(claimAt(first(id))).resolves.toEqual([id]);
      });

      it.each<[string, (id: string) => Promise<void>]>([
        ['put in', (id) => schedule.put({ id, intervalMs: INTERVAL }, { immediately: true })],
        ['moved to now', (id) => schedule.reschedule(id, NOON)],
      ])('is over, for all who wait, when something is %s', async (_, change) => {
        const id = newId();
        await schedule.put({ id, intervalMs: 3_600 * SECOND });
        await schedule.reschedule(id, NOON + 3_600 * SECOND);
        const waits = [schedule.wait(quiet().signal), schedule.wait(quiet().signal)];

        await change(id);

        await expect(Promise.all(waits)).resolves.toEqual([undefined, undefined]);
      });

      it('is over when aborted, before or meanwhile', async () => {
        const stop = quiet();
        const waiting = schedule.wait(stop.signal);

        stop.abort();

        await expect(waiting).resolves.toBeUndefined();
        await expect(schedule.wait(stop.signal)).resolves.toBeUndefined();
      });
    });
  });
}
