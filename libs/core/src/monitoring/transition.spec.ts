import { NOON } from '../../../../test/support/clock';
import { sampleResult } from '../../../../test/support/samples';
import type { CheckResult, MonitorRules } from './result';
import type { Status } from './status';
import type { Announcement, MonitorState } from './transition';
import { NEW_STATE, advance } from './transition';

const MINUTE = 60_000;

/** What a scenario expects of one beat: `DOWN r4 dc0 I N`, `I` = important, `N` = the channels are told. */
function describeBeat(
  { status, retries, downCount, important }: { status: Status; retries: number; downCount: number; important: boolean },
  announce: Announcement | null,
): string {
  const told = announce === null ? '' : announce === status ? ' N' : ` N(${announce})`;
  return `${status.toUpperCase()} r${retries} dc${downCount}${important ? ' I' : ''}${told}`;
}

/** Runs one raw status a minute through the rules. */
function run(raws: readonly Status[], rules: Partial<MonitorRules>, kind: CheckResult['kind'] = 'check'): string[] {
  let state: MonitorState = NEW_STATE;
  return raws.map((status, i) => {
    const transition = advance(state, sampleResult({ kind, status, startedAt: NOON + i * MINUTE, rules }));
    state = transition.state;
    return describeBeat(transition.beat!, transition.announce);
  });
}

const raw = { U: 'up', D: 'down', P: 'pending', M: 'maintenance' } as const satisfies Record<string, Status>;
const raws = (letters: string) => Array.from(letters, (letter) => raw[letter as keyof typeof raw]);

describe('advance', () => {
  it.each<[string, string, Partial<MonitorRules>, string[]]>([
    [
      'an outage with retries',
      'UDDDDDU',
      { maxRetries: 3 },
      [
        'UP r0 dc0 I',
        'PENDING r1 dc0',
        'PENDING r2 dc0',
        'PENDING r3 dc0',
        'DOWN r4 dc0 I N',
        'DOWN r5 dc0',
        'UP r0 dc0 I N',
      ],
    ],
    [
      'an outage with reminders',
      'UDDDDU',
      { resendInterval: 2 },
      ['UP r0 dc0 I', 'DOWN r1 dc0 I N', 'DOWN r2 dc1', 'DOWN r3 dc0 N', 'DOWN r4 dc1', 'UP r0 dc0 I N'],
    ],
    ['a single blip', 'UDU', { maxRetries: 3 }, ['UP r0 dc0 I', 'PENDING r1 dc0', 'UP r0 dc0 I']],
    [
      'a very first check that fails',
      'DDDDD',
      { maxRetries: 3 },
      ['PENDING r1 dc0 I', 'PENDING r2 dc0', 'PENDING r3 dc0', 'DOWN r4 dc0 I N', 'DOWN r5 dc0'],
    ],
    ['a very first check that fails without retries', 'DU', {}, ['DOWN r1 dc0 I N', 'UP r0 dc0 I N']],
    [
      'retries and reminders',
      'UDDDDDDDU',
      { maxRetries: 3, resendInterval: 2 },
      [
        'UP r0 dc0 I',
        'PENDING r1 dc0',
        'PENDING r2 dc0',
        'PENDING r3 dc0',
        'DOWN r4 dc0 I N',
        'DOWN r5 dc1',
        'DOWN r6 dc0 N',
        'DOWN r7 dc1',
        'UP r0 dc0 I N',
      ],
    ],
    [
      'a reminder at every beat',
      'UDDDU',
      { resendInterval: 1 },
      ['UP r0 dc0 I', 'DOWN r1 dc0 I N', 'DOWN r2 dc0 N', 'DOWN r3 dc0 N', 'UP r0 dc0 I N'],
    ],
    [
      'flapping without retries',
      'UDUDU',
      {},
      ['UP r0 dc0 I', 'DOWN r1 dc0 I N', 'UP r0 dc0 I N', 'DOWN r1 dc0 I N', 'UP r0 dc0 I N'],
    ],
    [
      'flapping with one retry',
      'UDUDDU',
      { maxRetries: 1 },
      ['UP r0 dc0 I', 'PENDING r1 dc0', 'UP r0 dc0 I', 'PENDING r1 dc0', 'DOWN r2 dc0 I N', 'UP r0 dc0 I N'],
    ],
    ['a first beat in a maintenance window', 'MU', {}, ['MAINTENANCE r0 dc0 I', 'UP r0 dc0']],
    ['a first beat that is pending', 'PU', {}, ['PENDING r0 dc0 I', 'UP r0 dc0 I']],
    [
      'going down during maintenance',
      'UMDDU',
      {},
      ['UP r0 dc0 I', 'MAINTENANCE r0 dc0', 'DOWN r1 dc0 N', 'DOWN r2 dc0', 'UP r0 dc0 I N'],
    ],
    [
      'being down right after maintenance, with retries',
      'UMDDD',
      { maxRetries: 2 },
      ['UP r0 dc0 I', 'MAINTENANCE r0 dc0', 'PENDING r1 dc0', 'PENDING r2 dc0', 'DOWN r3 dc0 I N'],
    ],
    ['maintenance that mends an outage', 'DMU', {}, ['DOWN r1 dc0 I N', 'MAINTENANCE r0 dc0', 'UP r0 dc0 N']],
    [
      'maintenance that mends nothing',
      'DMDU',
      {},
      ['DOWN r1 dc0 I N', 'MAINTENANCE r0 dc0', 'DOWN r1 dc0', 'UP r0 dc0 I N'],
    ],
    ['an outage that ends through pending', 'DPU', {}, ['DOWN r1 dc0 I N', 'PENDING r0 dc0', 'UP r0 dc0 I N']],
    [
      'reminders across maintenance: the counter waits',
      'DDMDD',
      { resendInterval: 3 },
      ['DOWN r1 dc0 I N', 'DOWN r2 dc1', 'MAINTENANCE r0 dc1', 'DOWN r1 dc2', 'DOWN r2 dc0 N'],
    ],
  ])('tells of %s', (_, letters, rules, expected) => {
    expect(run(raws(letters), rules)).toEqual(expected);
  });

  it('lets pushes follow the same rules', () => {
    expect(run(raws('UDDDDU'), { maxRetries: 2 }, 'push')).toEqual([
      'UP r0 dc0 I',
      'PENDING r1 dc0',
      'PENDING r2 dc0',
      'DOWN r3 dc0 I N',
      'DOWN r4 dc0',
      'UP r0 dc0 I N',
    ]);
  });

  describe('by the status before and after', () => {
    /** A state in which `before` was the newest status and the channels were last told `announced`. */
    const after = (before: Status | null, announced: Announcement | null): MonitorState => ({
      ...NEW_STATE,
      status: before,
      time: before === null ? null : NOON - MINUTE,
      announced,
    });

    it.each<[Status | null, Announcement | null, Status, string]>([
      // Nothing was announced yet.
      [null, null, 'up', 'I'],
      [null, null, 'down', 'I N'],
      [null, null, 'pending', 'I'],
      [null, null, 'maintenance', 'I'],
      ['up', null, 'up', ''],
      ['up', null, 'down', 'I N'],
      ['up', null, 'pending', ''],
      ['up', null, 'maintenance', ''],
      ['pending', null, 'up', 'I'],
      ['pending', null, 'down', 'I N'],
      ['pending', null, 'pending', ''],
      ['pending', null, 'maintenance', ''],
      ['maintenance', null, 'up', ''],
      ['maintenance', null, 'down', 'N'],
      ['maintenance', null, 'pending', ''],
      ['maintenance', null, 'maintenance', ''],
      // The channels believe it is down.
      [null, 'down', 'up', 'I N'], // reset during an outage
      [null, 'down', 'down', 'I'],
      [null, 'down', 'pending', 'I'],
      [null, 'down', 'maintenance', 'I'],
      ['down', 'down', 'up', 'I N'],
      ['down', 'down', 'down', ''],
      ['down', 'down', 'pending', ''],
      ['down', 'down', 'maintenance', ''],
      ['pending', 'down', 'up', 'I N'],
      ['pending', 'down', 'down', 'I'],
      ['pending', 'down', 'pending', ''],
      ['pending', 'down', 'maintenance', ''],
      ['maintenance', 'down', 'up', 'N'],
      ['maintenance', 'down', 'down', ''],
      ['maintenance', 'down', 'pending', ''],
      ['maintenance', 'down', 'maintenance', ''],
      // The channels believe it is up.
      [null, 'up', 'up', 'I'],
      [null, 'up', 'down', 'I N'],
      ['up', 'up', 'up', ''],
      ['up', 'up', 'down', 'I N'],
      ['up', 'up', 'pending', ''],
      ['up', 'up', 'maintenance', ''],
      ['pending', 'up', 'up', 'I'],
      ['pending', 'up', 'down', 'I N'],
      ['maintenance', 'up', 'up', ''],
      ['maintenance', 'up', 'down', 'N'],
    ])('from %s, told %s, to %s gives "%s"', (before, announced, status, expected) => {
      const { beat, announce, state } = advance(after(before, announced), sampleResult({ status }));

      const told = announce === null ? '' : 'N';
      expect([beat!.important ? 'I' : '', told].filter(Boolean).join(' ')).toBe(expected);
      expect(announce).toBe(told ? status : null);
      expect(state.announced).toBe(announce ?? announced);
      expect(state.status).toBe(status);
    });
  });

  it.each<[string, number, Partial<MonitorState>, Status, boolean]>([
    ['a failure that is pending by retry', 1, { status: 'up' }, 'down', true],
    ['a failure that uses the retries up', 1, { status: 'pending', retries: 1 }, 'down', false],
    ['a failure without retries', 0, { status: 'up' }, 'down', false],
    ['a monitor that is down already', 9, { status: 'down', retries: 1 }, 'down', false],
    ['a raw pending', 3, { status: 'up' }, 'pending', false],
    ['success', 3, { status: 'pending', retries: 2 }, 'up', false],
  ])('asks for an early retry, or not, after %s', (_, maxRetries, before, status, expected) => {
    const state = { ...NEW_STATE, time: NOON - MINUTE, ...before };

    expect(advance(state, sampleResult({ status, rules: { maxRetries } })).retry).toBe(expected);
  });

  it('keeps a monitor down when its retries are raised during the outage', () => {
    const state: MonitorState = { ...NEW_STATE, status: 'down', time: NOON - MINUTE, retries: 1, announced: 'down' };

    const { beat } = advance(state, sampleResult({ status: 'down', rules: { maxRetries: 10 } }));

    expect(beat).toEqual({ status: 'down', message: 'OK', retries: 2, downCount: 0, important: false });
  });

  it('lets a lower number of retries take effect while pending', () => {
    const state: MonitorState = { ...NEW_STATE, status: 'pending', time: NOON - MINUTE, retries: 1 };

    expect(advance(state, sampleResult({ status: 'down', rules: { maxRetries: 1 } })).beat!.status).toBe('down');
  });

  it('remembers the newest beat, push and maintenance', () => {
    const state: MonitorState = { ...NEW_STATE, status: 'up', time: 1, lastPushAt: 1, lastMaintenanceAt: 2 };

    expect(advance(state, sampleResult({ kind: 'push', status: 'maintenance', startedAt: 5 })).state).toEqual({
      status: 'maintenance',
      time: 5,
      retries: 0,
      downCount: 0,
      announced: null,
      lastPushAt: 5,
      lastMaintenanceAt: 5,
    });
    expect(advance(state, sampleResult({ kind: 'check', status: 'down', startedAt: 5 })).state).toEqual({
      status: 'down',
      time: 5,
      retries: 1,
      downCount: 0,
      announced: 'down',
      lastPushAt: 1,
      lastMaintenanceAt: 2,
    });
  });

  it('does not change the state it is given', () => {
    const state = Object.freeze({ ...NEW_STATE });

    advance(state, sampleResult({ status: 'down' }));

    expect(state).toEqual(NEW_STATE);
  });

  describe('of a result that is older than the newest beat', () => {
    const state: MonitorState = {
      status: 'up',
      time: NOON,
      retries: 0,
      downCount: 1,
      announced: 'up',
      lastPushAt: NOON - MINUTE,
      lastMaintenanceAt: null,
    };

    it.each<Status>(['down', 'up', 'pending', 'maintenance'])('keeps a %s as history and changes nothing', (status) => {
      const late = sampleResult({ status, startedAt: NOON - 1, message: 'late', rules: { maxRetries: 3 } });

      expect(advance(state, late)).toEqual({
        state,
        beat: { status, message: 'late', retries: 0, downCount: 0, important: false },
        announce: null,
        retry: false,
      });
    });

    it('still counts a push as come', () => {
      const { state: next } = advance(state, sampleResult({ kind: 'push', startedAt: NOON - 1 }));

      expect(next).toEqual({ ...state, lastPushAt: NOON - 1 });
    });

    it('never moves the last push back', () => {
      const { state: next } = advance(state, sampleResult({ kind: 'push', startedAt: NOON - 2 * MINUTE }));

      expect(next).toEqual(state);
    });
  });

  it('runs the rules for results of the same millisecond', () => {
    const first = advance(NEW_STATE, sampleResult({ kind: 'push', nonce: 1 }));
    const second = advance(first.state, sampleResult({ kind: 'push', nonce: 2, status: 'down' }));

    expect(describeBeat(second.beat!, second.announce)).toBe('DOWN r1 dc0 I N');
  });
});

describe('a missed push', () => {
  const missed = (startedAt: number, intervalSeconds: number, graceFrom?: number) =>
    sampleResult({ kind: 'missed-push', status: 'down', startedAt, graceFrom, rules: { intervalSeconds } });
  const pushed = (lastPushAt: number | null, lastMaintenanceAt: number | null = null): MonitorState => ({
    ...NEW_STATE,
    status: 'up',
    time: lastPushAt,
    lastPushAt,
    lastMaintenanceAt,
  });

  it.each([
    // interval s, how late a push may be
    [20, 2_000], // a tenth of the interval ...
    [60, 6_000],
    [300, 30_000],
    [5, 1_000], // ... but at least a second
    [3_600, 60_000], // and at most a minute
    [86_400, 60_000],
  ])('of a %i s interval is missed when it is more than %i ms late', (intervalSeconds, toleranceMs) => {
    const last = NOON + intervalSeconds * 1_000 + toleranceMs;

    expect(advance(pushed(NOON), missed(last, intervalSeconds)).beat).toBeNull();
    expect(advance(pushed(NOON), missed(last + 1, intervalSeconds)).beat).toEqual({
      status: 'down',
      message: 'No push received in time',
      retries: 1,
      downCount: 0,
      important: true,
    });
  });

  it.each<[string, MonitorState, number | undefined, string]>([
    ['none ever came', NEW_STATE, undefined, 'No push received yet'],
    ['none came since creation', NEW_STATE, NOON, 'No push received yet'],
    ['the last one is too old', pushed(NOON), undefined, 'No push received in time'],
    ['none came after we were away', pushed(NOON - 10 * MINUTE), NOON, 'No push received in time'],
    ['none came after maintenance', pushed(NOON - 10 * MINUTE, NOON), undefined, 'No push received in time'],
    ['none ever came, not after maintenance either', pushed(null, NOON), undefined, 'No push received yet'],
  ])('is noticed when %s', (_, state, graceFrom, message) => {
    const { beat, announce } = advance(state, missed(NOON + 66_001, 60, graceFrom));

    expect(beat).toMatchObject({ status: 'down', message });
    expect(announce).toBe('down');
  });

  it.each<[string, MonitorState, number | undefined]>([
    ['a push came in time', pushed(NOON), undefined],
    ['the monitor is new', NEW_STATE, NOON],
    ['the monitor was resumed, or we were away', pushed(NOON - 10 * MINUTE), NOON],
    ['a maintenance window has ended', pushed(NOON - 10 * MINUTE, NOON), undefined],
  ])('is not looked for within an interval when %s', (_, state, graceFrom) => {
    expect(advance(state, missed(NOON + 66_000, 60, graceFrom))).toEqual({
      state,
      beat: null,
      announce: null,
      retry: false,
    });
  });

  it('is judged by the newest push, whatever status that had', () => {
    const down: MonitorState = { ...pushed(NOON), status: 'down', announced: 'down' };

    expect(advance(down, missed(NOON + MINUTE, 60)).beat).toBeNull();
  });

  it('obeys the retries', () => {
    const result = {
      ...missed(NOON + 2 * MINUTE, 60),
      rules: { maxRetries: 1, resendInterval: 0, intervalSeconds: 60, retryIntervalSeconds: 60 },
    };

    const first = advance(pushed(NOON), result);
    const second = advance(first.state, { ...result, startedAt: NOON + 3 * MINUTE });

    expect(describeBeat(first.beat!, first.announce)).toBe('PENDING r1 dc0');
    expect(first.retry).toBe(true);
    expect(describeBeat(second.beat!, second.announce)).toBe('DOWN r2 dc0 I N');
  });
});
