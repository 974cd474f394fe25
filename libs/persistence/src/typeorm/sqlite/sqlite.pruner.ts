import { PERIODS } from '@app/core';
import type { Retention } from '@app/core';
import type { Database, Statement } from 'better-sqlite3';
import { TurnSize } from '../turn-size';

/** What one turn looks at, at most, where nothing is to be deleted: a few milliseconds of the write lock. */
const MONITORS_PER_TURN = 500;

interface Table {
  before(retention: Retention): number | undefined;
  nextKey: Statement<[number]>;
  /** The column's value of the row that comes after so many older ones. */
  bound: Statement<[number, number, number]>;
  remove: Statement<[number, number]>;
}

/**
 * Deletes what is too old and what belongs to no monitor any more, a bounded part per turn, going round the tables
 * monitor by monitor: a monitor's old rows are the first of its stretch of the primary key, so no other index is
 * needed, and each monitor is found by one jump.
 */
export class SqlitePruner {
  private readonly tables: Table[];
  private readonly monitorExists: Statement<[number]>;
  private position = { table: 0, key: 0 };
  private readonly turnSize = new TurnSize();

  constructor(db: Database) {
    this.monitorExists = db.prepare('SELECT 1 FROM monitor_states WHERE monitor_key = ?');
    const table = (name: string, column: string, before: Table['before']): Table => ({
      before,
      nextKey: db.prepare<[number]>(`SELECT MIN(monitor_key) FROM ${name} WHERE monitor_key > ?`).pluck(),
      bound: db
        .prepare<[number, number, number]>(
          `SELECT ${column} FROM ${name} WHERE monitor_key = ? AND ${column} < ? ORDER BY ${column} LIMIT 1 OFFSET ?`,
        )
        .pluck(),
      remove: db.prepare(`DELETE FROM ${name} WHERE monitor_key = ? AND ${column} <= ?`),
    });
    this.tables = [
      table('heartbeats', 'time', ({ beatsBefore }) => beatsBefore),
      ...PERIODS.map((period) => table(`series_${period}`, 'start', ({ seriesBefore }) => seriesBefore[period])),
    ];
  }

  /** @returns false when a whole round is done. */
  run(retention: Retention): boolean {
    const startedAt = performance.now();
    const limit = this.turnSize.rows;
    const { left, more } = this.turn(retention, limit);
    this.turnSize.took(performance.now() - startedAt, limit - left);
    return more;
  }

  private turn(retention: Retention, limit: number): { left: number; more: boolean } {
    let rows = limit;
    for (let visits = 0; visits < MONITORS_PER_TURN && rows > 0; visits++) {
      const table = this.tables[this.position.table]!;
      const key = table.nextKey.get(this.position.key) as number | null;
      if (key === null) {
        this.position = { table: this.position.table + 1, key: 0 };
        if (this.position.table < this.tables.length) continue;
        this.position = { table: 0, key: 0 };
        return { left: rows, more: false };
      }
      const before = this.monitorExists.get(key) ? table.before(retention) : Number.MAX_SAFE_INTEGER;
      if (before !== undefined) rows -= this.remove(table, key, before, rows);
      if (rows > 0) this.position.key = key; // else this monitor has more: it comes first next time
    }
    return { left: rows, more: true };
  }

  /** Up to `limit` rows, and what shares the last one's millisecond: so every call gets on. */
  private remove(table: Table, key: number, before: number, limit: number): number {
    const last = table.bound.get(key, before, limit - 1) as number | undefined;
    return table.remove.run(key, last ?? before - 1).changes;
  }
}
