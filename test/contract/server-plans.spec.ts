import { DAY, newId } from '@app/core';
import { MysqlPool } from '../../libs/persistence/src/typeorm/mysql/mysql.pool';
import { mysqlTimelineSql } from '../../libs/persistence/src/typeorm/mysql/mysql.timeline-sql';
import { PooledTimeline } from '../../libs/persistence/src/typeorm/pooled/pooled.timeline';
import type { Pool, SqlQuery } from '../../libs/persistence/src/typeorm/pooled/pool';
import { Sessions } from '../../libs/persistence/src/typeorm/pooled/sessions';
import { mariadbDialect } from '../../libs/persistence/src/typeorm/mysql/mysql.dialect';
import { PostgresPool } from '../../libs/persistence/src/typeorm/postgres/postgres.pool';
import { postgresTimelineSql } from '../../libs/persistence/src/typeorm/postgres/postgres.timeline-sql';
import { NOON } from '../support/clock';
import { onEngines } from '../support/engines';
import { sampleDocument } from '../support/samples';
import { openSqlDatabase } from './database';
import type { SqlDatabase, SqlEngine } from './database';
import { TIMELINE_ENTITIES } from './timeline.entities';
import { World, minutesAfterNoon as at } from './timeline.world';

/** Hands on what is asked, and keeps it. */
function listening(pool: Pool, heard: SqlQuery[]): Pool {
  return {
    dialect: pool.dialect,
    beginExclusive: pool.beginExclusive,
    needsSavepoints: pool.needsSavepoints,
    isClash: (error) => pool.isClash(error),
    async acquire() {
      const connection = await pool.acquire();
      return {
        release: (broken) => connection.release(broken),
        query: (query) => {
          heard.push(query);
          return connection.query(query);
        },
      };
    },
  };
}

const ROWS = 40_000;
const MONITORS = 100;
/** A history that is too long to be walked through: without it, a scan would be the best plan. */
const HISTORY: Record<string, string[]> = {
  postgres: [
    `INSERT INTO heartbeats (monitor_key, second, millisecond, nonce, status, latency, duration, retries, down_count,
      important, notified, message) SELECT 10000 + i % ${MONITORS}, 1700000000 + i * 60, 0, 0, 1, 5, 5, 0, 0, i % 997 = 0,
      false, 'OK' FROM generate_series(1, ${ROWS}) AS i`,
    ...['minute', 'hour', 'day'].map(
      (period) => `INSERT INTO series_${period} (monitor_key, bucket, up, down, maintenance, latency_sum)
        SELECT 10000 + i % ${MONITORS}, 400000 + i, 1, 0, 0, 5 FROM generate_series(1, ${ROWS}) AS i`,
    ),
    'ANALYZE',
  ],
  mysql: [
    `INSERT INTO heartbeats (monitor_key, time, nonce, status, latency, duration, retries, down_count, important, notified,
      message) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
      SELECT 10000 + (a.i + b.i * 900) % ${MONITORS}, 1700000000000 + (a.i + b.i * 900) * 60000, 0, 1, 5, 5, 0, 0, 0, 0, 'OK'
      FROM n AS a JOIN n AS b ON b.i <= 44`,
    `INSERT INTO important_heartbeats SELECT monitor_key, time, nonce FROM heartbeats WHERE time % 997 < 300`,
    ...['minute', 'hour', 'day'].map(
      (period) => `INSERT INTO series_${period} (monitor_key, bucket, up, down, maintenance, latency_sum)
        SELECT monitor_key, 400000 + time DIV 60000 - 28333333, 1, 0, 0, 5 FROM heartbeats`,
    ),
    'ANALYZE TABLE heartbeats, important_heartbeats, series_minute, series_hour, series_day',
  ],
};

onEngines(['postgres', 'mysql'], (engine) => {
  let database: SqlDatabase;
  let timeline: PooledTimeline;
  let world: World;
  let ids: string[];
  const heard: SqlQuery[] = [];
  let minute = 0;

  beforeAll(async () => {
    database = await openSqlDatabase(engine as SqlEngine, TIMELINE_ENTITIES);
    const { dataSource, clock } = database;
    const [pool, sql] =
      engine === 'postgres'
        ? [new PostgresPool(dataSource), postgresTimelineSql]
        : [new MysqlPool(dataSource, mariadbDialect), mysqlTimelineSql];
    timeline = new PooledTimeline({ sessions: new Sessions(listening(pool, heard)), sql, clock });
    world = new World(database);
    for (const statement of HISTORY[engine]!) await database.schema.query(statement);
    ids = await Promise.all(Array.from({ length: 40 }, () => world.monitor()));
    const channel = await world.channel();
    for (const id of ids) await world.link(id, channel);
    await timeline.apply(ids.map((id) => at(id, 0))); // makes their states
  }, 120_000);
  afterAll(() => database.close());

  const statements = async (run: () => Promise<unknown>) => {
    heard.length = 0;
    await run();
    return [...heard];
  };

  describe('takes as many statements for many as for one', () => {
    const certificate = { document: sampleDocument(), notifyAtDays: [21] };

    it.each<[string, (ids: string[], minute: number) => Promise<unknown>, number]>([
      ['applied results', (some, m) => timeline.apply(some.map((id) => at(id, m))), 8],
      ['results that were applied before', (some) => timeline.apply(some.map((id) => at(id, 0))), 4],
      [
        'outages with certificates',
        (some, m) => timeline.apply(some.map((id) => at(id, m, { status: 'down', certificate }))),
        18,
      ],
      ['states', (some) => timeline.states(some), 1],
      ['their newest beats', (some) => timeline.newest(some, 100), 1],
      ['percentages', (some) => timeline.uptime(some, [DAY, 7 * DAY, 30 * DAY], NOON + DAY), 2],
    ])('%s', async (_, run, most) => {
      const one = await statements(() => run([ids[0]!], ++minute));
      const many = await statements(() => run(ids.slice(1), ++minute));

      expect(many.length).toBe(one.length);
      expect(one.length).toBeLessThanOrEqual(most);
    });

    it('a page of beats and a series', async () => {
      await expect(statements(() => timeline.beats(ids[0]!, { limit: 1000 }))).resolves.toHaveLength(1);
      await expect(statements(() => timeline.series(ids[0]!, 'minute', 0, NOON + DAY))).resolves.toHaveLength(1);
    });
  });

  it('never walks through heartbeats or series', async () => {
    const [id, other] = [ids[0]!, ids[1]!];
    const all = await statements(async () => {
      await timeline.apply([at(id, 5_000), at(other, 5_000, { status: 'down' })]);
      await timeline.apply([at(id, 5_000)]); // again
      await timeline.apply([at(newId(), 5_000)]);
      for (const important of [undefined, true, false]) await timeline.beats(id, { limit: 150, offset: 5, important });
      await timeline.newest(ids, 100);
      await timeline.series(id, 'minute', NOON, NOON + DAY);
      await timeline.series(id, 'hour', NOON, NOON + 7 * DAY);
      await timeline.uptime(ids, [DAY, 7 * DAY, 30 * DAY, 365 * DAY], NOON + DAY);
      await timeline.prune({ beatsBefore: NOON + 90_000, seriesBefore: { minute: NOON + 90_000, hour: 0, day: 0 } });
    });

    for (const query of all.filter(({ text }) => /heartbeats|series_/.test(text))) {
      expect([query.text, await scans(query)]).toEqual([query.text, []]);
    }
    expect(all.length).toBeGreaterThan(25);
  });

  it('would be caught walking', async () => {
    const text = `SELECT COUNT(*) FROM heartbeats WHERE latency > ${engine === 'postgres' ? '$1' : '?'}`;

    await expect(scans({ text, values: [7] })).resolves.not.toEqual([]);
  });

  /** Tables of the history that the plan reads from one end to the other. */
  async function scans({ text, values = [] }: SqlQuery): Promise<string[]> {
    const history = /^(important_)?heartbeats|^series_/;
    if (engine === 'postgres') {
      const plan = await database.schema.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${text}`, [...values]);
      const steps = plan.flatMap((row) => /Seq Scan on (\w+)/.exec(row['QUERY PLAN'])?.[1] ?? []);
      return steps.filter((table) => history.test(table));
    }
    if (text.startsWith('INSERT')) return []; // what is written is in the text
    const aliases = new Map([...text.matchAll(/(\w+) AS (\w+)/g)].map(([, table, alias]) => [alias, table]));
    const rows = await database.schema.query<{ table: string | null; type: string | null }[]>(`EXPLAIN ${text}`, [
      ...values,
    ]);
    return rows
      .filter(({ type }) => type === 'ALL' || type === 'index')
      .map(({ table }) => aliases.get(table ?? '') ?? table ?? '')
      .filter((table) => history.test(table));
  }
});
