import { PERIODS, PERIOD_MS } from '@app/core';
import type { Retention } from '@app/core';
import { TurnSize } from '../turn-size';
import type { Sessions } from './sessions';
import type { PrunableKey, PrunedTable, RunQuery, Stretch, TimelineSql } from './timeline-sql';

/** What one turn looks at, at most, where nothing is to be deleted. */
const MONITORS_PER_TURN = 500;

interface Table {
  name: PrunedTable;
  /** In the unit of its column; undefined = everything stays. */
  before(retention: Retention): number | undefined;
  /** After every row. */
  ever: number;
}

const TABLES: Table[] = [
  { name: 'heartbeats', before: ({ beatsBefore }) => beatsBefore, ever: Number.MAX_SAFE_INTEGER },
  ...PERIODS.map((period): Table => ({
    name: `series_${period}`,
    before({ seriesBefore }) {
      const before = seriesBefore[period];
      return before === undefined ? undefined : Math.ceil(before / PERIOD_MS[period]);
    },
    ever: 2 ** 31 - 1,
  })),
];

/**
 * Deletes what is too old and what belongs to no monitor any more, a bounded part per turn, going round the tables by
 * the keys of the monitors: each one's oldest rows are found by one jump into the primary key.
 */
export class PooledPruner {
  private position = { table: 0, key: 0 };
  private readonly turnSize = new TurnSize();

  constructor(
    private readonly sessions: Sessions,
    private readonly sql: TimelineSql,
  ) {}

  /** @returns false when a whole round is done. */
  async run(retention: Retention): Promise<boolean> {
    const startedAt = performance.now();
    const limit = this.turnSize.rows;
    const { left, more } = await this.turn(retention, limit);
    this.turnSize.took(performance.now() - startedAt, limit - left);
    return more;
  }

  private async turn(retention: Retention, limit: number): Promise<{ left: number; more: boolean }> {
    let rows = limit;
    let visits = MONITORS_PER_TURN;
    while (rows > 0 && visits > 0) {
      const table = TABLES[this.position.table]!;
      const { keys, next } = await this.sql.prunable(this.rows, table.name, this.position.key, visits);
      rows -= await this.delete(table, keys, retention, rows);
      if (rows <= 0) break; // there may be more of the same: it comes first next time
      if (next !== null) {
        this.position.key = next;
        break;
      }
      visits -= keys.length;
      this.position = { table: this.position.table + 1, key: 0 };
      if (this.position.table < TABLES.length) continue;
      this.position = { table: 0, key: 0 };
      return { left: rows, more: false };
    }
    return { left: rows, more: true };
  }

  private readonly rows: RunQuery = async (query) => (await this.sessions.run(query)).rows;

  /** @returns how many rows went; at most `limit`. */
  private async delete(
    table: Table,
    keys: readonly PrunableKey[],
    retention: Retention,
    limit: number,
  ): Promise<number> {
    const stretches = keys.flatMap(({ key, oldest, exists }): Stretch[] => {
      const before = exists ? table.before(retention) : table.ever;
      return before !== undefined && oldest !== null && oldest < before ? [{ key, before }] : [];
    });
    if (stretches.length === 0) return 0;
    return this.sessions.transaction(async () => {
      let deleted = 0;
      for (const query of this.sql.prune(table.name, stretches, limit)) {
        deleted += (await this.sessions.run(query)).affected;
        if (deleted >= limit) break;
      }
      return deleted;
    });
  }
}
