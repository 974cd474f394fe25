import { AppError, Store } from '@app/core';
import type { Clock, Collection, Entity, EntityClass } from '@app/core';
import type { DataSource } from 'typeorm';
import type { Dialect } from './dialect';
import { translated } from './errors';
import type { Row, Tuple } from './row-mapper';
import { TypeOrmCollection } from './typeorm.collection';
import type { WriteGate } from './write-gate';

export interface TypeOrmStoreOptions {
  /** All writes, and reads inside a transaction. */
  writer: DataSource;
  /** Reads outside transactions: sees only what is committed. */
  reader: DataSource;
  /** A faster way than the reader's to what is committed, where the engine has one. */
  select?: Select;
  gate: WriteGate;
  dialect: Dialect;
  clock: Clock;
}

export type Select = (columns: readonly string[], rest: string, values: unknown[]) => Tuple[];

export class TypeOrmStore extends Store {
  private readonly collections = new Map<EntityClass, unknown>();

  constructor(private readonly options: TypeOrmStoreOptions) {
    super();
  }

  override collection<T extends Entity>(entity: EntityClass<T>): Collection<T> {
    let collection = this.collections.get(entity) as Collection<T> | undefined;
    if (!collection) {
      collection = new TypeOrmCollection(entity, {
        dialect: this.options.dialect,
        read: (sql, values) => this.read(sql, values),
        select: (columns, rest, values) => this.select(columns, rest, values),
        write: (sql, values) => this.write(sql, values),
        transaction: (work) => this.transaction(work),
        now: () => this.options.clock.now(),
      });
      this.collections.set(entity, collection);
    }
    return collection;
  }

  override transaction<T>(work: () => Promise<T>): Promise<T> {
    const { gate, writer, dialect } = this.options;
    return translated(dialect, () => gate.transaction(() => writer.createQueryRunner(), work));
  }

  override async ping(): Promise<void> {
    try {
      await this.options.reader.query('SELECT 1');
    } catch (error) {
      throw new AppError('unavailable', 'The database does not answer', { cause: error });
    }
  }

  private read(sql: string, values: unknown[]): Promise<Row[]> {
    const { gate, reader, dialect } = this.options;
    const source = gate.transactionRunner ?? reader;
    return translated(dialect, () => source.query<Row[]>(sql, values));
  }

  private async select(columns: readonly string[], rest: string, values: unknown[]): Promise<Tuple[]> {
    const { gate, select, dialect } = this.options;
    if (select && !gate.transactionRunner)
      return translated(dialect, () => Promise.resolve(select(columns, rest, values)));
    const rows = await this.read(`SELECT ${columns.map(dialect.quote).join(', ')} ${rest}`, values);
    return rows.map((row) => columns.map((column) => row[column]));
  }

  private write(sql: string, values: unknown[]): Promise<number> {
    const { gate, writer, dialect } = this.options;
    return translated(dialect, () =>
      gate.exclusive(async () => {
        const runner = gate.transactionRunner ?? writer.createQueryRunner();
        const { affected } = await runner.query(sql, values, true);
        return affected ?? 0;
      }),
    );
  }
}
