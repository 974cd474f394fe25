import { DAY, HOUR, MINUTE, Timeline } from '@app/core';
import type { Status } from '@app/core';
import { useApi } from '../support/api';
import { FakeClock, NOON } from '../support/clock';
import { monitorBody } from '../support/monitors';
import { sampleResult } from '../support/samples';
import { NOBODY, refused, success } from '../support/wire';

const clock = new FakeClock();
const api = useApi({ clock });

/** A monitor with one beat at each of these moments, in minutes from noon. */
async function monitorWith(beats: readonly [minutes: number, status: Status, latencyMs?: number][], values = {}) {
  const id = (await api.post('/monitors', monitorBody(values))).body.data.id as string;
  await api.app
    .get(Timeline)
    .apply(
      beats.map(([minutes, status, latencyMs = 20]) =>
        sampleResult({ monitorId: id, status, latencyMs, startedAt: NOON + minutes * MINUTE }),
      ),
    );
  return id;
}

const at = (minutes: number) => new Date(NOON + minutes * MINUTE).toISOString();
const point = (minutes: number, values: object = {}) => ({
  up: 0,
  down: 0,
  maintenance: 0,
  ping: 0,
  ping_min: 0,
  ping_max: 0,
  timestamp: NOON + minutes * MINUTE,
  ...values,
});
const points = (id: string, query: string) => api.get(`/monitors/${id}/stats/points?${query}`);

beforeEach(() => clock.set(NOON + 10 * MINUTE));

describe('GET /monitors/:id/stats/points', () => {
  it('has a point per minute, without gaps, and sums them up', async () => {
    const id = await monitorWith([
      [1, 'up', 30],
      [1.5, 'up', 50],
      [2, 'down'],
      [2.5, 'maintenance'],
      [4, 'pending'],
      [4.1, 'up', 0],
    ]);

    await expect(points(id, `since=${at(1)}&until=${at(4)}`)).resolves.toEqual(
      success({
        points: [
          point(1, { up: 2, ping: 40, ping_min: 30, ping_max: 50 }),
          point(2, { down: 1, maintenance: 1 }),
          point(3),
          point(4, { up: 1, down: 1 }),
        ],
        maxPing: 50,
        minPing: 0,
        avgPing: 80 / 3,
        uptime: 60,
      }),
    );
  });

  it('has one per hour and one per day, each beat once in each', async () => {
    const id = await monitorWith([
      [-60 * 24, 'up', 10],
      [-60, 'up', 20],
      [0, 'up', 40],
      [0.5, 'down'],
    ]);

    await expect(points(id, `since=${at(-90)}&until=${at(0)}&granularity=hour`)).resolves.toEqual(
      success({
        points: [point(-120), point(-60, { up: 1, ping: 20, ping_min: 20, ping_max: 20 }), expect.anything()],
        maxPing: 40,
        minPing: 20,
        avgPing: 30,
        uptime: (2 / 3) * 100,
      }),
    );
    await expect(points(id, `since=${at(-60 * 24)}&granularity=day`)).resolves.toMatchObject(
      success({
        points: [
          { up: 1, down: 0, timestamp: NOON - 36 * HOUR },
          { up: 2, down: 1, ping: 30, timestamp: NOON - 12 * HOUR },
        ],
      }),
    );
  });

  it('fills the first point although `since` is not on its boundary', async () => {
    const id = await monitorWith([[0.2, 'up', 40]]);

    const answer = await points(id, `since=${at(0.5)}&until=${at(1)}`);

    expect(answer.body.data.points).toMatchObject([{ up: 1 }, { up: 0 }]);
  });

  it('puts minutes of a slow monitor together, aligned to the step', async () => {
    const beats: [number, Status, number?][] = [
      [1, 'up', 35],
      [2, 'down'],
      [3, 'up', 38],
      [3.5, 'up', 44],
    ];
    const id = await monitorWith(beats, { interval: 120, timeout: 16 });
    const slower = await monitorWith(beats, { interval: 150, timeout: 16 });

    const answer = await points(id, `since=${at(1)}&until=${at(5)}`);

    expect(answer.body.data.points).toEqual([
      point(0, { up: 1, ping: 35, ping_min: 35, ping_max: 35 }),
      point(2, { up: 2, down: 1, ping: 41, ping_min: 38, ping_max: 44 }),
      point(4),
    ]);
    const coarse = await points(slower, `since=${at(1)}&until=${at(5)}`);
    expect(coarse.body.data.points).toMatchObject([
      { up: 1, down: 1, timestamp: NOON },
      { up: 2, down: 0, timestamp: NOON + 3 * MINUTE },
    ]);
  });

  it('has null where nothing is known, and zeros in the points', async () => {
    const id = await monitorWith([]);

    await expect(points(id, `since=${at(0)}&until=${at(1)}`)).resolves.toEqual(
      success({ points: [point(0), point(1)], maxPing: null, minPing: null, avgPing: null, uptime: null }),
    );
  });

  it('leaves maintenance out of the uptime', async () => {
    const id = await monitorWith([
      [0, 'maintenance'],
      [1, 'maintenance'],
    ]);

    await expect(points(id, `since=${at(0)}&until=${at(2)}`)).resolves.toMatchObject(
      success({ uptime: null, avgPing: null }),
    );
  });

  it('ends now when it is not told when, and takes any offset and fraction', async () => {
    const id = await monitorWith([[9, 'up']]);
    const since = '2026-11-24T14:08:30.25%2B02:00';

    for (const query of [`since=${since}`, `since=${since}&until=`, `since=${since}&until=${at(10)}`]) {
      const answer = await points(id, query);
      expect(answer.body.data.points).toMatchObject([point(8), { up: 1, timestamp: NOON + 9 * MINUTE }, point(10)]);
    }
  });

  it('has up to 1441 points', async () => {
    const id = await monitorWith([]);
    const day = (minutes: number) => `since=${at(minutes)}&until=${at(0)}`;

    const answer = await points(id, day(-1440));
    expect(answer.body.data.points).toHaveLength(1441);
    await expect(points(id, day(-1441))).resolves.toEqual(refused(400, 'Too many points requested: 1442 (max 1441)'));
    await expect(points(NOBODY, `${day(-60 * 24 * 61)}&granularity=hour`)).resolves.toEqual(
      refused(400, 'Too many points requested: 1465 (max 1441)'),
    );
  });

  it.each([
    ['', "Missing required 'since' parameter"],
    ['since=&until=x', "Missing required 'since' parameter"],
    ['since=x&until=x&granularity=x', "Invalid 'since' parameter (must be RFC3339)"],
    ['since=2026-11-22', "Invalid 'since' parameter (must be RFC3339)"],
    ['since=2026-11-22T10:00:00', "Invalid 'since' parameter (must be RFC3339)"],
    ['since=2026-11-22T10:00:00+02:00', "Invalid 'since' parameter (must be RFC3339)"],
    ['since=2026-11-22t10:00:00z', "Invalid 'since' parameter (must be RFC3339)"],
    ['since=2026-02-30T10:00:00Z', "Invalid 'since' parameter (must be RFC3339)"],
    ['since=2026-11-22T24:00:00Z', "Invalid 'since' parameter (must be RFC3339)"],
    ['since=2026-11-22T10:00:00%2B99:99', "Invalid 'since' parameter (must be RFC3339)"],
    ['since=1763800000', "Invalid 'since' parameter (must be RFC3339)"],
    ['since=2026-11-22T10:00:00Z&until=x&granularity=x', "Invalid 'until' parameter (must be RFC3339)"],
    ['since=2026-11-22T10:00:00Z&granularity=week', "Invalid 'granularity' parameter (must be minute, hour, or day)"],
    ['since=2026-11-22T10:00:00Z&granularity=', "Invalid 'granularity' parameter (must be minute, hour, or day)"],
    ['since=2026-11-22T10:00:00Z&granularity=Hour', "Invalid 'granularity' parameter (must be minute, hour, or day)"],
    ['since=2026-11-22T10:00:00Z&until=2026-11-22T09:59:59Z', "'until' must be after 'since'"],
    ['since=2026-11-22T10:00:00Z&until=2026-11-22T10:05:00Z', 'monitor not found'],
    ['since=0000-01-01T00:00:00Z&until=0000-01-01T00:05:00Z', 'monitor not found'],
  ])('refuses %j', async (query, message) => {
    await expect(points(NOBODY, query)).resolves.toEqual(refused(400, message));
    await expect(points('abc', query)).resolves.toEqual(refused(400, message));
  });
});

describe('GET /monitors/:id/stats/uptime', () => {
  const uptime = (id: string) => api.get(`/monitors/${id}/stats/uptime`);

  it('is up / (up + down) of the last 24 hours, 7, 30 and 365 days', async () => {
    const day = DAY / MINUTE;
    const history: [number, Status][] = [
      [-400 * day, 'down'],
      [-300 * day, 'down'],
      [-20 * day, 'pending'],
      [-6 * day, 'down'],
      [-60, 'maintenance'],
      [-50, 'up'],
      [0, 'up'],
      [5, 'up'],
    ];
    const inside = await monitorWith([...history, [11 - day, 'down']]);
    const outside = await monitorWith([...history, [8 - day, 'down']]);

    const rest = { '7d': 60, '30d': 50, '365d': (3 / 7) * 100 };
    await expect(uptime(inside)).resolves.toEqual(success({ '24h': 75, ...rest }));
    await expect(uptime(outside)).resolves.toEqual(success({ '24h': 100, ...rest }));
  });

  it.each([NOBODY, 'abc', '%00'])('is 0 of what is unknown: %s', async (id) => {
    await expect(uptime(id)).resolves.toEqual(success({ '24h': 0, '7d': 0, '30d': 0, '365d': 0 }));
  });

  it('is 0 after a reset', async () => {
    const id = await monitorWith([[0, 'up']]);

    await api.post(`/monitors/${id}/reset`);

    await expect(uptime(id)).resolves.toEqual(success({ '24h': 0, '7d': 0, '30d': 0, '365d': 0 }));
    await expect(points(id, `since=${at(0)}&until=${at(0)}`)).resolves.toMatchObject(success({ points: [point(0)] }));
  });
});

describe('GET /monitors/:id/tls', () => {
  const document = (values: object = {}) => ({
    valid: true,
    certInfo: {
      subject: 'CN=shop.example.org,O=Shop Ltd,C=NL',
      issuer: "CN=R11,O=Let's Encrypt,C=US",
      fingerprint: '4E:1B:02',
      fingerprint256: '9A:07:C4',
      serialNumber: '302913874651029384756102938475',
      validFrom: '2026-09-01T12:00:00Z',
      validTo: '2026-12-06T12:00:00Z',
      daysRemaining: 12,
      certType: 'server',
      validFor: ['shop.example.org', '192.0.2.10'],
      signatureAlgorithm: 'SHA256-RSA',
      publicKeyAlgorithm: 'RSA',
      keySize: 2048,
      version: 3,
      ...values,
    },
  });
  const tls = (id: string) => api.get(`/monitors/${id}/tls`);
  const see = (monitorId: string, seen: ReturnType<typeof document>, minutes: number) =>
    api.app.get(Timeline).apply([
      sampleResult({
        monitorId,
        startedAt: NOON + minutes * MINUTE,
        certificate: { document: seen, notifyAtDays: [] },
      }),
    ]);

  it('is null until a certificate is seen, then the newest one, which outlives a reset', async () => {
    const id = await monitorWith([]);
    await expect(tls(id)).resolves.toEqual(success(null));

    await see(id, document(), 1);
    await expect(tls(id)).resolves.toEqual(success(document()));

    await see(id, document({ fingerprint256: 'FF' }), 2);
    await see(id, { valid: false } as ReturnType<typeof document>, 3);
    await expect(tls(id.toUpperCase())).resolves.toEqual(success({ valid: false }));
    await api.post(`/monitors/${id}/reset`);
    await expect(tls(id)).resolves.toEqual(success({ valid: false }));
  });

  it('is gone with its monitor', async () => {
    const id = await monitorWith([]);
    await see(id, document(), 1);

    await api.delete(`/monitors/${id}`);

    await expect(tls(id)).resolves.toEqual(refused(404, 'Monitor not found'));
  });

  it.each([NOBODY, 'abc'])('is not found of %s', async (id) => {
    await expect(tls(id)).resolves.toEqual(refused(404, 'Monitor not found'));
  });
});
