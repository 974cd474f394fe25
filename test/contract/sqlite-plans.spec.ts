import type { Statement } from 'better-sqlite3';
import Database from 'better-sqlite3';
import { SqliteCertificates } from '../../libs/persistence/src/typeorm/sqlite/sqlite.certificates';
import { SqlitePruner } from '../../libs/persistence/src/typeorm/sqlite/sqlite.pruner';
import { TimelineReads, TimelineWrites } from '../../libs/persistence/src/typeorm/sqlite/timeline-statements';
import type { TestDatabase } from './sqlite';
import { openTemporary } from './sqlite';
import { TIMELINE_ENTITIES } from './timeline.entities';

/** Every statement inside an object, with the path to it. */
function statementsOf(owner: object, prefix: string, seen = new Set<object>()): [string, Statement][] {
  if (seen.has(owner)) return [];
  seen.add(owner);
  return Object.entries(owner).flatMap(([name, value]: [string, unknown]): [string, Statement][] => {
    if (typeof value !== 'object' || value === null) return [];
    const label = `${prefix}.${name}`;
    return 'source' in value ? [[label, value as Statement]] : statementsOf(value, label, seen);
  });
}

describe('the timeline on SQLite', () => {
  let database: TestDatabase;
  let db: Database.Database;

  beforeAll(async () => {
    database = await openTemporary(TIMELINE_ENTITIES);
    db = new Database(database.file, { readonly: true });
  });

  afterAll(async () => {
    db.close();
    await database.close();
  });

  /** What SQLite would do to tables for a statement; handing rows on from one step to the next is left out. */
  const planOf = ({ source }: Statement): string[] => {
    const parameters = new Array<null>(source.split('?').length - 1).fill(null);
    const steps = db.prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${source}`).all(...parameters);
    return steps.map(({ detail }) => detail).filter((step) => !/\(subquery-\d+\)$|^SCAN CONSTANT ROW$/.test(step));
  };

  it.each([
    ['reads', () => new TimelineReads(db), 12],
    ['writes', () => new TimelineWrites(db), 11],
    ['prunes', () => new SqlitePruner(db), 13],
    ['keeps certificates', () => new SqliteCertificates(db), 7],
  ])('never scans a table, nor sorts more than the channels of a monitor, when it %s', (_, owner, least) => {
    const statements = statementsOf(owner(), '');

    expect(statements.length).toBeGreaterThanOrEqual(least);
    for (const [name, statement] of statements) {
      const slow = planOf(statement).filter((step) => /^SCAN |TEMP B-TREE/.test(step));
      expect([name, slow]).toEqual([name, name === '.channels' ? ['USE TEMP B-TREE FOR ORDER BY'] : []]);
    }
  });

  it('finds a page of beats, of important ones and of buckets by one jump each', () => {
    const { beats, importantBeats, series, sums, state } = new TimelineReads(db);

    expect(planOf(beats)).toEqual(['SEARCH heartbeats USING PRIMARY KEY (monitor_key=?)']);
    expect(planOf(importantBeats)).toEqual(['SEARCH heartbeats USING INDEX heartbeats_important_idx (monitor_key=?)']);
    for (const period of ['minute', 'hour', 'day'] as const) {
      const jump = [`SEARCH series_${period} USING PRIMARY KEY (monitor_key=? AND start>? AND start<?)`];
      expect(planOf(series[period])).toEqual(jump);
      expect(planOf(sums[period])).toEqual(jump);
    }
    expect(planOf(state)).toEqual([expect.stringMatching(/^SEARCH monitor_states USING INDEX \S+ \(monitor_id=\?\)$/)]);
  });

  it('would be caught scanning', () => {
    expect(planOf(db.prepare('SELECT * FROM heartbeats WHERE time < ?'))).toEqual(['SCAN heartbeats']);
  });
});
