import type { Pool as PgPool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { Pool, PooledConnection, SqlQuery, SqlResult } from '../pooled/pool';
import { MIGRATIONS_TABLE } from '../migrations';
import { isPostgresClash, postgresDialect } from './postgres.dialect';

/** The pool that TypeORM opened, without TypeORM between. */
export class PostgresPool implements Pool {
  readonly dialect = postgresDialect;
  readonly needsSavepoints = true;
  /**
   * Locking a table takes no snapshot, so what the transaction sees is younger than its predecessor's commit; and a
   * row that somebody else changes meanwhile fails it (40001) instead of being overwritten. Nobody ever waits for
   * this table otherwise, except for migrations.
   */
  readonly beginExclusive = [
    { text: 'BEGIN ISOLATION LEVEL REPEATABLE READ' },
    { text: `LOCK TABLE ${MIGRATIONS_TABLE} IN EXCLUSIVE MODE` },
  ];
  /** Names of prepared statements. */
  private readonly names = new Map<string, string>();
  /** Connections whose loss ends nothing but the query under way. */
  private readonly heard = new WeakSet<PoolClient>();

  constructor(private readonly dataSource: DataSource) {}

  async acquire(): Promise<PooledConnection> {
    const { master } = this.dataSource.driver as unknown as { master?: PgPool };
    if (!master) throw new Error('Cannot use a pool after calling end on the pool');
    const client = await master.connect();
    if (!this.heard.has(client)) {
      // A connection that breaks is an event, too, and one that nobody listens to would end the process.
      client.on('error', () => undefined);
      this.heard.add(client);
    }
    return {
      query: (query) => this.query(client, query),
      release: (broken) => client.release(broken),
    };
  }

  isClash = isPostgresClash;

  private async query(client: PoolClient, { text, values = [], prepare }: SqlQuery): Promise<SqlResult> {
    const name = prepare ? this.nameOf(text) : undefined;
    const { rows, rowCount } = await client.query<unknown[]>({
      name,
      text,
      values: values as unknown[],
      rowMode: 'array',
    });
    return { rows, affected: rowCount ?? 0 };
  }

  private nameOf(text: string): string {
    let name = this.names.get(text);
    if (name === undefined) this.names.set(text, (name = `peekaping_${this.names.size}`));
    return name;
  }
}
