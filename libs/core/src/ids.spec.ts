import fc from 'fast-check';
import { NOON } from '../../../test/support/clock';
import { heartbeatId, newId, newNonce, parseHeartbeatId, stableHash } from './ids';

describe('newId', () => {
  it('is a UUID version 7 in lower case', () => {
    expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('starts with the time', () => {
    const later = NOON + 50 * 365 * 86_400_000; // beyond every other test of this file
    expect(parseInt(newId(later).replaceAll('-', '').slice(0, 12), 16)).toBe(later);
  });

  it('ascends inside one millisecond, also when that holds more than 4,096, and when the clock goes back', () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => newId(NOON - (i % 3)));

    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a heartbeat id', () => {
  const key = fc.record({
    monitorKey: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    timeMs: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    nonce: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
  });

  it('says where the beat stands, and nothing else', () => {
    fc.assert(fc.property(key, (value) => expect(parseHeartbeatId(heartbeatId(value))).toEqual(value)));
  });

  it('has the form of a UUID version 7', () => {
    fc.assert(
      fc.property(key, (value) =>
        expect(heartbeatId(value)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      ),
    );
  });

  it('orders the beats of a monitor by time, then nonce', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        const order = Math.sign(a.timeMs - b.timeMs) || Math.sign(a.nonce - b.nonce);
        const [left, right] = [heartbeatId({ ...a, monitorKey: 7 }), heartbeatId({ ...b, monitorKey: 7 })];
        expect(left < right ? -1 : left > right ? 1 : 0).toBe(order);
      }),
    );
  });

  it('is stable across versions', () => {
    expect(heartbeatId({ monitorKey: 1, timeMs: NOON, nonce: 0 })).toBe('01a20d6d-5a00-7000-8000-000001000000');
  });

  it('is read in any letter case', () => {
    const id = heartbeatId({ monitorKey: 0xabcdef, timeMs: NOON, nonce: 0xfedcba });

    expect(parseHeartbeatId(id.toUpperCase())).toEqual(parseHeartbeatId(id));
  });

  it.each([
    '',
    'x',
    '01a20d6d-5a00-7001-8000-000001000000', // bits that are always zero
    '01a20d6d-5a00-4000-8000-000001000000', // version 4
    '01a20d6d-5a00-7000-8100-00000100000', // too short
    '01a20d6d-5a00-7000-8000-000001000000 ',
    '5f2b6c1e9d3a4b0012345678', // an id of another kind of server
  ])('is not %j', (id) => {
    expect(parseHeartbeatId(id)).toBeNull();
  });
});

describe('newNonce', () => {
  it('has 24 bits, is never the zero of checks and does not repeat', () => {
    const nonces = Array.from({ length: 10_000 }, newNonce);

    expect(new Set(nonces).size).toBe(nonces.length);
    expect(Math.min(...nonces)).toBeGreaterThan(0);
    expect(Math.max(...nonces)).toBeLessThan(2 ** 24);
  });
});

describe('stableHash', () => {
  it.each([
    ['', 2_872_998_923],
    ['a', 444_641_715],
    ['019ab2f0-0000-7000-8000-000000000001', 2_325_136_284],
  ])('of %j is the same in every process and version', (text, expected) => {
    expect(stableHash(text)).toBe(expected);
  });
});
