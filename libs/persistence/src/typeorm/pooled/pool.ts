import type { Dialect } from '../dialect';
import type { Tuple } from '../row-mapper';

export interface SqlQuery {
  text: string;
  values?: readonly unknown[];
  /** The text never changes: the server may keep its plan. */
  prepare?: boolean;
}

export interface SqlResult {
  /** Values in the order of the columns; whole numbers as numbers. */
  rows: Tuple[];
  /** Rows that matched. */
  affected: number;
}

export interface PooledConnection {
  query(query: SqlQuery): Promise<SqlResult>;
  /** Back to the pool; a broken one is closed. */
  release(broken: boolean): void;
}

/** What a server engine needs for stores and timelines, beside its dialect. */
export interface Pool {
  readonly dialect: Dialect;
  /** Statements that begin a transaction in which nobody else's change is overlooked, one of its kind at a time. */
  readonly beginExclusive: readonly SqlQuery[];
  /** A failing statement would end the transaction that it is part of. */
  readonly needsSavepoints: boolean;
  /** Fails fast: a server that is away is noticed within seconds. */
  acquire(): Promise<PooledConnection>;
  /** The driver error is nobody's fault: the same transaction may succeed next time. */
  isClash(error: unknown): boolean;
}
