import type { Access } from '../access';
import type { Dialect } from '../dialect';
import type { Tuple } from '../row-mapper';
import type { Sessions } from './sessions';

/** The store's way to a database server. */
export class PooledAccess implements Access {
  constructor(
    readonly dialect: Dialect,
    private readonly sessions: Sessions,
  ) {}

  async select(columns: readonly string[], rest: string, values: unknown[]): Promise<Tuple[]> {
    const text = `SELECT ${columns.map(this.dialect.quote).join(', ')} ${rest}`;
    return (await this.sessions.run({ text, values })).rows;
  }

  async count(rest: string, values: unknown[]): Promise<number> {
    const { rows } = await this.sessions.run({ text: `SELECT COUNT(*) ${rest}`, values });
    return Number(rows[0]![0]);
  }

  async write(text: string, values: unknown[]): Promise<number> {
    return (await this.sessions.write({ text, values })).affected;
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.sessions.exclusive(work);
  }

  async ping(): Promise<void> {
    await this.sessions.run({ text: 'SELECT 1' });
  }
}
