import type { Pool as MysqlPools, PoolConnection, ResultSetHeader } from 'mysql2';
import type { DataSource } from 'typeorm';
import { MIGRATIONS_TABLE } from '../migrations';
import type { Dialect } from '../dialect';
import type { Pool, PooledConnection, SqlQuery, SqlResult } from '../pooled/pool';
import type { Tuple } from '../row-mapper';
import { isMysqlClash } from './mysql.dialect';
import { CONNECT_TIMEOUT_MS } from './mysql.options';

/** For an answer: a connection may be dead without anybody having said so. */
const QUERY_TIMEOUT_MS = 20_000;

/**
 * What every connection is told first. The rules of the server's configuration would decide otherwise whether a text
 * that is too long is an error, and how long a lock is waited for (50 s). READ COMMITTED locks no gaps.
 */
const SESSION = [
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', innodb_lock_wait_timeout = 10",
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
];

/** The pool that TypeORM opened, without TypeORM between. */
export class MysqlPool implements Pool {
  readonly needsSavepoints = false;
  /**
   * SERIALIZABLE makes every reading statement lock what it reads. The row that is locked first lets one such
   * transaction in at a time: two that read and then write the same would only find out by a deadlock.
   */
  readonly beginExclusive = [
    { text: 'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE' },
    { text: 'BEGIN' },
    { text: `SELECT id FROM ${MIGRATIONS_TABLE} ORDER BY id LIMIT 1 FOR UPDATE` },
  ];
  private readonly prepared = new WeakSet<PoolConnection>();

  constructor(
    private readonly dataSource: DataSource,
    readonly dialect: Dialect,
  ) {}

  async acquire(): Promise<PooledConnection> {
    const { pool } = this.dataSource.driver as unknown as { pool?: MysqlPools };
    if (!pool) throw new Error('Pool is closed');
    const connection = await connect(pool);
    const made: PooledConnection = {
      query: (query) => send(connection, query),
      release: (broken) => (broken ? connection.destroy() : connection.release()),
    };
    if (this.prepared.has(connection)) return made;
    try {
      for (const text of SESSION) await made.query({ text });
    } catch (error) {
      made.release(true);
      throw error;
    }
    this.prepared.add(connection);
    return made;
  }

  isClash = isMysqlClash;
}

/** mysql2 waits for a free connection without end. */
function connect(pool: MysqlPools): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(Object.assign(new Error('no free connection'), { code: 'ETIMEDOUT' }));
    }, CONNECT_TIMEOUT_MS);
    pool.getConnection((error, connection) => {
      clearTimeout(timer);
      if (late) connection?.release();
      else if (error) reject(error);
      else resolve(connection);
    });
  });
}

function send(connection: PoolConnection, { text, values = [] }: SqlQuery): Promise<SqlResult> {
  return new Promise((resolve, reject) => {
    connection.query(
      { sql: text, values: values as unknown[], rowsAsArray: true, timeout: QUERY_TIMEOUT_MS },
      (error, result) => {
        if (error) reject(error);
        else if (Array.isArray(result)) resolve({ rows: result as unknown as Tuple[], affected: result.length });
        else resolve({ rows: [], affected: (result as ResultSetHeader).affectedRows });
      },
    );
  });
}
