import { MINUTE, Timeline } from '@app/core';
import { useApi } from '../support/api';
import { FakeClock, NOON } from '../support/clock';
import { monitorBody } from '../support/monitors';
import { sampleResult } from '../support/samples';
import { AN_ID, NOBODY, refused, success } from '../support/wire';

const BEATS = 60;

describe('GET /monitors/:id/heartbeats', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  let id = '';

  /** Every tenth beat is down; the message of a beat is its number. */
  beforeAll(async () => {
    id = (await api.post('/monitors', monitorBody())).body.data.id as string;
    const results = Array.from({ length: BEATS }, (_, i) =>
      sampleResult({
        monitorId: id,
        message: String(i),
        status: i % 10 === 9 ? 'down' : 'up',
        startedAt: NOON + i * MINUTE,
        endedAt: NOON + i * MINUTE + 150,
        latencyMs: 120 + i,
      }),
    );
    await api.app.get(Timeline).apply(results);
  });

  const range = (from: number, to: number) =>
    Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => String(from < to ? from + i : from - i));
  const messages = async (query: string) => {
    const { body } = await api.get(`/monitors/${id}/heartbeats${query}`);
    return (body.data as { msg: string }[]).map(({ msg }) => msg);
  };

  it('has whole beats, the newest first', async () => {
    await expect(api.get(`/monitors/${id}/heartbeats?limit=2`)).resolves.toEqual(
      success([
        {
          id: AN_ID,
          monitor_id: id,
          status: 0,
          msg: '59',
          ping: 179,
          duration: 0,
          down_count: 0,
          retries: 1,
          important: true,
          time: '2026-11-24T12:59:00.000Z',
          end_time: '2026-11-24T12:59:00.150Z',
          notified: true,
        },
        {
          id: AN_ID,
          monitor_id: id,
          status: 1,
          msg: '58',
          ping: 178,
          duration: 0,
          down_count: 0,
          retries: 0,
          important: false,
          time: '2026-11-24T12:58:00.000Z',
          end_time: '2026-11-24T12:58:00.150Z',
          notified: false,
        },
      ]),
    );
  });

  it.each<[string, string[]]>([
    ['', range(59, 10)],
    ['?limit=&page=&important=&reverse=&limit=2', range(59, 10)],
    ['?limit=3', range(59, 57)],
    ['?limit=3&page=1', range(56, 54)],
    ['?limit=3&page=1&reverse=true', range(54, 56)],
    ['?limit=50&page=1&reverse=1', range(0, 9)],
    ['?limit=1000', range(59, 0)],
    ['?page=99', []],
    ['?page=9223372036854775807&limit=1000', []],
    ['?important=true&limit=4', ['59', '50', '49', '40']],
    ['?important=true&limit=2&reverse=true', ['50', '59']],
    ['?important=false&limit=3&reverse=T', ['56', '57', '58']],
  ])('answers %j', async (query, expected) => {
    await expect(messages(query)).resolves.toEqual(expected);
  });

  it.each([
    ['limit=0', 'Invalid limit parameter (1-1000)'],
    ['limit=1001', 'Invalid limit parameter (1-1000)'],
    ['limit=x&page=x', 'Invalid limit parameter (1-1000)'],
    ['page=-1', 'Invalid page parameter (>=0)'],
    ['page=x&important=x', 'Invalid page parameter (>=0)'],
    ['important=2&reverse=x', 'Invalid important parameter (must be true or false)'],
    ['reverse=x', 'Invalid reverse parameter (must be true or false)'],
  ])('refuses %s', async (query, message) => {
    await expect(api.get(`/monitors/${id}/heartbeats?${query}`)).resolves.toEqual(refused(400, message));
  });

  it('takes the id in any letter case', async () => {
    await expect(api.get(`/monitors/${id.toUpperCase()}/heartbeats?limit=1`)).resolves.toMatchObject({
      body: { data: [{ msg: '59' }] },
    });
  });

  it.each([NOBODY, 'abc', '%00'])('has none of the monitor %s', async (unknown) => {
    await expect(api.get(`/monitors/${unknown}/heartbeats`)).resolves.toEqual(success([]));
  });

  it('has none after a reset, and none after the monitor is deleted', async () => {
    const other = (await api.post('/monitors', monitorBody())).body.data.id as string;
    const beat = () => api.app.get(Timeline).apply([sampleResult({ monitorId: other, startedAt: clock.now() })]);
    await beat();

    await api.post(`/monitors/${other}/reset`);
    await expect(api.get(`/monitors/${other}/heartbeats`)).resolves.toEqual(success([]));

    clock.advance(MINUTE);
    await beat();
    await api.delete(`/monitors/${other}`);
    await expect(api.get(`/monitors/${other}/heartbeats`)).resolves.toEqual(success([]));
  });

  it('pages over beats of one millisecond without repeating or leaving out one', async () => {
    const other = (await api.post('/monitors', monitorBody())).body.data.id as string;
    const pushes = Array.from({ length: 9 }, (_, i) =>
      sampleResult({ kind: 'push', monitorId: other, message: String(i), startedAt: NOON, nonce: 9 - i }),
    );
    await api.app.get(Timeline).apply(pushes);

    const pages = await Promise.all(
      [0, 1, 2, 3, 4].map((page) => api.get(`/monitors/${other}/heartbeats?limit=2&page=${page}`)),
    );

    const found = pages.flatMap(({ body }) => (body.data as { msg: string }[]).map(({ msg }) => msg));
    expect(found).toEqual(range(0, 8));
  });
});
