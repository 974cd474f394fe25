import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { translate } from '../errors';
import type { Pool, PooledConnection, SqlQuery, SqlResult } from './pool';

/** Deadlocks and the like: how often a transaction is begun in all, before its caller is told to come again. */
const ATTEMPTS = 12;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 250;

interface Transaction {
  connection: PooledConnection;
  open: boolean;
  /** Statements under way inside: they share its fate even if `work` does not wait for them. */
  pending: Set<Promise<unknown>>;
  /** One statement after the other, with its savepoint. */
  tail: Promise<unknown>;
  /** The server has ended it, or is out of reach: the driver's error. Nothing is sent any more. */
  failure?: unknown;
}

const BEGIN: readonly SqlQuery[] = [{ text: 'BEGIN' }];
const COMMIT: SqlQuery = { text: 'COMMIT' };
const ROLLBACK: SqlQuery = { text: 'ROLLBACK' };

/**
 * Connections of a pool: one per statement, or one for all statements of a transaction, which is known by its
 * asynchronous call chain. A transaction that clashes with another one is run again, `work` included.
 */
export class Sessions {
  private readonly current = new AsyncLocalStorage<Transaction>();

  constructor(private readonly pool: Pool) {}

  /** Runs a statement that reads, or that may end the transaction it is part of. */
  run(query: SqlQuery): Promise<SqlResult> {
    const transaction = this.openTransaction;
    return transaction
      ? this.join(transaction, () => this.send(transaction, query))
      : this.retried(() => this.alone(query));
  }

  /** Runs a statement that may be refused without harm to the transaction it is part of. */
  write(query: SqlQuery): Promise<SqlResult> {
    const transaction = this.openTransaction;
    if (!transaction || !this.pool.needsSavepoints) return this.run(query);
    return this.join(transaction, () => this.guarded(transaction, query));
  }

  /** A transaction in which reading and then writing is safe; joins the one that this call chain has open. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    return this.transaction(work, this.pool.beginExclusive);
  }

  /** A transaction that takes its locks itself; joins the one that this call chain has open. */
  transaction<T>(work: () => Promise<T>, begin: readonly SqlQuery[] = BEGIN): Promise<T> {
    if (this.openTransaction) return work();
    return this.retried(() => this.attempt(begin, work));
  }

  private get openTransaction(): Transaction | undefined {
    const transaction = this.current.getStore();
    return transaction?.open ? transaction : undefined;
  }

  private async attempt<T>(begin: readonly SqlQuery[], work: () => Promise<T>): Promise<T> {
    const connection = await this.pool.acquire();
    const transaction: Transaction = { connection, open: true, pending: new Set(), tail: Promise.resolve() };
    let broken = true;
    try {
      for (const query of begin) await this.send(transaction, query);
      const result = await this.current.run(transaction, work).finally(() => this.end(transaction));
      if (transaction.failure) throw transaction.failure as Error;
      await this.send(transaction, COMMIT);
      broken = false;
      return result;
    } catch (error) {
      broken = !(await this.rolledBack(transaction));
      // What `work` made of it does not matter: the transaction has failed for this reason.
      throw transaction.failure ?? error;
    } finally {
      connection.release(broken);
    }
  }

  /** @returns false when the connection is of no use any more. */
  private async rolledBack({ connection, failure }: Transaction): Promise<boolean> {
    if (failure !== undefined && !this.pool.isClash(failure)) return false;
    return connection.query(ROLLBACK).then(
      () => true,
      () => false,
    );
  }

  private async retried<T>(run: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await run();
      } catch (error) {
        if (attempt === ATTEMPTS || !this.pool.isClash(error)) throw translate(this.pool.dialect, error);
        const longest = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
        await sleep(longest * Math.random());
      }
    }
  }

  private async alone(query: SqlQuery): Promise<SqlResult> {
    const connection = await this.pool.acquire();
    let broken = false;
    try {
      return await connection.query(query);
    } catch (error) {
      broken = this.pool.dialect.classify(error) === 'unavailable';
      throw error;
    } finally {
      connection.release(broken);
    }
  }

  private async send(transaction: Transaction, query: SqlQuery): Promise<SqlResult> {
    if (transaction.failure) throw transaction.failure as Error;
    try {
      return await transaction.connection.query(query);
    } catch (error) {
      if (this.pool.isClash(error) || this.pool.dialect.classify(error) === 'unavailable') transaction.failure = error;
      throw error;
    }
  }

  private guarded(transaction: Transaction, query: SqlQuery): Promise<SqlResult> {
    const turn = transaction.tail.then(async () => {
      await this.send(transaction, { text: 'SAVEPOINT statement' });
      try {
        const result = await this.send(transaction, query);
        await this.send(transaction, { text: 'RELEASE SAVEPOINT statement' });
        return result;
      } catch (error) {
        if (!transaction.failure) await this.send(transaction, { text: 'ROLLBACK TO SAVEPOINT statement' });
        throw error;
      }
    });
    transaction.tail = turn.catch(() => undefined);
    return turn;
  }

  private join<T>({ pending }: Transaction, run: () => Promise<T>): Promise<T> {
    const sent = run().catch((error: unknown) => {
      throw translate(this.pool.dialect, error);
    });
    const settled: Promise<unknown> = sent.then(
      () => pending.delete(settled),
      () => pending.delete(settled),
    );
    pending.add(settled);
    return sent;
  }

  /** What `work` left running must not write into somebody else's transaction; what comes later stands on its own. */
  private async end(transaction: Transaction): Promise<void> {
    while (transaction.pending.size > 0) await Promise.all(transaction.pending);
    transaction.open = false;
  }
}
