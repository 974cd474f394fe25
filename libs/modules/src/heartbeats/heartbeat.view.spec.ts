import { heartbeatId, isoTime } from '@app/core';
import fc from 'fast-check';
import { heartbeatListJson, toHeartbeatView } from './heartbeat.view';

const heartbeats = fc.array(
  fc.record({
    id: fc
      .record({
        monitorKey: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
        timeMs: fc.integer({ min: 0, max: 4e12 }),
        nonce: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
      })
      .map(heartbeatId),
    monitorId: fc.uuid(),
    status: fc.constantFrom('down', 'up', 'pending', 'maintenance'),
    message: fc.oneof(fc.constant('OK'), fc.string(), fc.constant('"quoted" \\ \n \u2028 😀')),
    latencyMs: fc.nat(),
    downCount: fc.nat(),
    retries: fc.nat(),
    important: fc.boolean(),
    notified: fc.boolean(),
    time: fc.integer({ min: 0, max: 4e12 }),
    endTime: fc.integer({ min: 0, max: 4e12 }),
  }),
  { maxLength: 5 },
);

describe('heartbeatListJson', () => {
  it('writes what the views say', () => {
    fc.assert(
      fc.property(heartbeats, (beats) => {
        const text = heartbeatListJson('success', beats);

        expect(text).toBe(JSON.stringify({ message: 'success', data: beats.map(toHeartbeatView) }));
      }),
    );
  });
});

describe('isoTime', () => {
  it('is Date.toISOString, whatever day came before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 8e12 }), { minLength: 1 }), (times) => {
        expect(times.map(isoTime)).toEqual(times.map((time) => new Date(time).toISOString()));
      }),
    );
  });
});
