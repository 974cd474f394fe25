// Drivers without anything of ours around them.
import type { DatabaseType } from '@app/core';

/** Runs statements one after the other on one connection. */
export async function runSql(engine: DatabaseType, url: string, statements: readonly string[]): Promise<void> {
  const { run, close } = await connect(engine, url);
  try {
    for (const statement of statements) await run(statement);
  } finally {
    await close();
  }
}

export interface Connection {
  /** @returns rows, as objects. */
  run(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function connect(engine: DatabaseType, url: string): Promise<Connection> {
  if (engine === 'postgres') {
    const { Client } = (await import('pg')).default;
    const client = new Client({ connectionString: url });
    await client.connect();
    return {
      run: async (text, values) =>
        (await client.query<Record<string, unknown>>({ text, values: values as unknown[], name: values && 'bare' }))
          .rows,
      close: () => client.end(),
    };
  }
  if (engine === 'mysql') {
    const { createConnection } = await import('mysql2/promise');
    const connection = await createConnection(url);
    return {
      run: async (sql, values) => (await connection.query(sql, values as unknown[]))[0] as Record<string, unknown>[],
      close: () => connection.end(),
    };
  }
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(url);
  for (const pragma of ['journal_mode = WAL', 'synchronous = NORMAL', 'cache_size = -16000']) db.pragma(pragma);
  const statements = new Map<string, import('better-sqlite3').Statement>();
  return {
    run: (sql, values = []) => {
      let statement = statements.get(sql);
      if (!statement) statements.set(sql, (statement = db.prepare(sql)));
      if (statement.reader) return Promise.resolve(statement.all(...values) as Record<string, unknown>[]);
      statement.run(...values);
      return Promise.resolve([]);
    },
    close: () => Promise.resolve(void db.close()),
  };
}
