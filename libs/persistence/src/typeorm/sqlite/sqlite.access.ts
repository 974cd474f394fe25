import type { DataSource } from 'typeorm';
import type { Access } from '../access';
import { translated } from '../errors';
import type { Row, Tuple } from '../row-mapper';
import type { WriteGate } from '../write-gate';
import { sqliteDialect } from './sqlite.dialect';

export interface SqliteAccessOptions {
  /** All writes, and reads inside a transaction. */
  writer: DataSource;
  /** Reads outside transactions: sees only what is committed. */
  reader: DataSource;
  /** A faster way than the reader's to what is committed. */
  select: Select;
  gate: WriteGate;
}

export type Select = (columns: readonly string[], rest: string, values: unknown[]) => Tuple[];

export class SqliteAccess implements Access {
  readonly dialect = sqliteDialect;

  constructor(private readonly options: SqliteAccessOptions) {}

  async select(columns: readonly string[], rest: string, values: unknown[]): Promise<Tuple[]> {
    const { gate, select } = this.options;
    if (!gate.transactionRunner) {
      return translated(sqliteDialect, () => Promise.resolve(select(columns, rest, values)));
    }
    const rows = await this.read(`SELECT ${columns.map(sqliteDialect.quote).join(', ')} ${rest}`, values);
    return rows.map((row) => columns.map((column) => row[column]));
  }

  async count(rest: string, values: unknown[]): Promise<number> {
    const [row] = await this.read(`SELECT COUNT(*) AS n ${rest}`, values);
    return Number(row!.n);
  }

  write(sql: string, values: unknown[]): Promise<number> {
    const { gate, writer } = this.options;
    return translated(sqliteDialect, () =>
      gate.exclusive(async () => {
        const runner = gate.transactionRunner ?? writer.createQueryRunner();
        const { affected } = await runner.query(sql, values, true);
        return affected ?? 0;
      }),
    );
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    const { gate, writer } = this.options;
    return translated(sqliteDialect, () => gate.transaction(() => writer.createQueryRunner(), work));
  }

  async ping(): Promise<void> {
    await this.options.reader.query('SELECT 1');
  }

  private read(sql: string, values: unknown[]): Promise<Row[]> {
    const { gate, reader } = this.options;
    const source = gate.transactionRunner ?? reader;
    return translated(sqliteDialect, () => source.query<Row[]>(sql, values));
  }
}
