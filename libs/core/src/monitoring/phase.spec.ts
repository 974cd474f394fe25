import { NOON } from '../../../../test/support/clock';
import { SECOND } from '../clock';
import { newId } from '../ids';
import { nextDue, phaseOf } from './phase';

const INTERVAL = 20 * SECOND;
const ID = '019ab2f0-0000-7000-8000-000000000001';

describe('phaseOf', () => {
  it('is the same after every restart, also of a later version', () => {
    expect(phaseOf(ID, INTERVAL)).toBe(16_284);
    expect(phaseOf('019ab2f0-0000-7000-8000-000000000002', INTERVAL)).toBe(9_498);
  });

  it.each([
    ['ids made one after the other', () => newId(NOON)],
    ['ids made all over the day', (i: number) => newId(NOON + i * 28_800)],
    ['ids that differ in their last digits', (i: number) => ID.slice(0, -4) + i.toString(16).padStart(4, '0')],
  ])('spreads %s: no second holds more than one and a half times its share', (_, id) => {
    const perSecond = new Array<number>(20).fill(0);
    for (let i = 0; i < 3_000; i++) perSecond[Math.floor(phaseOf(id(i), INTERVAL) / SECOND)]!++;

    expect(Math.max(...perSecond)).toBeLessThanOrEqual(1.5 * (3_000 / 20));
    expect(Math.min(...perSecond)).toBeGreaterThan(0);
  });
});

describe('nextDue', () => {
  it('comes once per interval, at the phase', () => {
    const first = nextDue(ID, INTERVAL, NOON);

    expect(first % INTERVAL).toBe(phaseOf(ID, INTERVAL));
    expect(first).toBeGreaterThan(NOON);
    expect(first).toBeLessThanOrEqual(NOON + INTERVAL);
  });

  it.each([
    ['on time', 0],
    ['a little late', 700],
    ['at the last moment', INTERVAL - 1],
  ])('never skips or repeats a tick when claimed %s', (_, late) => {
    const first = nextDue(ID, INTERVAL, NOON);
    let due = first;
    for (let i = 1; i <= 100; i++) {
      due = nextDue(ID, INTERVAL, due + late);
      expect(due).toBe(first + i * INTERVAL);
    }
  });

  it('leaves out what was missed', () => {
    const first = nextDue(ID, INTERVAL, NOON);

    expect(nextDue(ID, INTERVAL, first + 10 * INTERVAL + 5)).toBe(first + 11 * INTERVAL);
  });
});
