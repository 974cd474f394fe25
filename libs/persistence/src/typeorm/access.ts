import type { Dialect } from './dialect';
import type { Tuple } from './row-mapper';

/**
 * The way from a collection to its database. Reads see the open transaction of the call chain, if there is one.
 * Driver errors leave as `AppError`, or without what could be a secret.
 */
export interface Access {
  readonly dialect: Dialect;
  /** `rest` follows the columns: FROM and so on. Values come in the order of the columns. */
  select(columns: readonly string[], rest: string, values: unknown[]): Promise<Tuple[]>;
  count(rest: string, values: unknown[]): Promise<number>;
  /** @returns how many rows matched. */
  write(sql: string, values: unknown[]): Promise<number>;
  transaction<T>(work: () => Promise<T>): Promise<T>;
  ping(): Promise<void>;
}
