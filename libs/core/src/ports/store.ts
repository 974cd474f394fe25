import type { Entity, EntityClass } from '../storage/decorators';

/** The values of a new record. `id` may be given (an importer's, or one already announced). */
export type New<T extends Entity> = Omit<T, 'id' | 'createdAt' | 'updatedAt'> & { id?: string };

export type Condition<V> =
  | V
  | null
  | undefined
  | { not: V | null }
  | { in: readonly V[] }
  /** Literal, in any letter case; only on fields declared with `search`. */
  | { contains: string }
  | { from?: V; to?: V; after?: V; before?: V }
  /** The value is found in `field` of a record of `entity` that matches `where`. */
  | { among: Among };

export interface Among {
  entity: EntityClass<Entity>;
  field: string;
  where: Record<string, unknown>;
}

/** Conditions are ANDed; an undefined one is ignored, null means null. */
export type Where<T> = { [K in keyof T]?: Condition<T[K]> };

export interface Query<T> {
  where?: Where<T>;
  /** Ties fall back to id, in the direction of the last key, so pages never overlap. */
  order?: { [K in keyof T]?: 'asc' | 'desc' };
  offset?: number;
  limit?: number;
}

/** Records of one kind. */
export interface Collection<T extends Entity> {
  /** @throws AppError `conflict` on a duplicate unique value, `invalid` on a reference to nothing. */
  insert(values: New<T>): Promise<T>;
  /** Several at once, in one statement where the engine can. @throws as {@link insert}; then none is stored. */
  insertMany(values: readonly New<T>[]): Promise<T[]>;
  find(query?: Query<T>): Promise<T[]>;
  /** A malformed id matches nothing; it is not an error (SQL ids are text, never a `uuid` column). */
  findOne(where: Where<T>): Promise<T | null>;
  count(where?: Where<T>): Promise<number>;
  /** @returns how many matched, changed or not. Refuses an empty filter. @throws as {@link insert} */
  update(where: Where<T>, changes: Partial<New<T>>): Promise<number>;
  /** @returns how many went. Refuses an empty filter. */
  delete(where: Where<T>): Promise<number>;
}

/** Everything that is configuration: read often, written by people. */
export abstract class Store {
  abstract collection<T extends Entity>(entity: EntityClass<T>): Collection<T>;

  /**
   * All or nothing, also when the process dies: every call to this store inside `work` takes part, nested transactions
   * join. Transactions take turns where they touch the same records. On SQLite nothing else is written meanwhile, and on
   * MongoDB no other transaction begins, so never wait for the network inside. MongoDB does not isolate: others see what
   * is written before the end, and may write in between, so what has to be decided is a conditional update there, too.
   */
  abstract transaction<T>(work: () => Promise<T>): Promise<T>;

  /** Resolves when the database answers. @throws AppError `unavailable` */
  abstract ping(): Promise<void>;
}
