import { AsyncLocalStorage } from 'node:async_hooks';
import type { QueryRunner } from 'typeorm';

interface Transaction {
  runner: QueryRunner;
  open: boolean;
  /** Writes under way inside: they share its fate even if `work` does not wait for them. */
  pending: Set<Promise<unknown>>;
}

/**
 * Lets one writer in at a time. TypeORM gives SQLite a single connection: a statement sent while somebody else's
 * transaction is open becomes part of it and is lost when that one rolls back. So everything that writes queues here.
 * Nothing inside may wait for the network: nobody else writes meanwhile.
 */
export class WriteGate {
  private tail: Promise<unknown> = Promise.resolve();
  private readonly current = new AsyncLocalStorage<Transaction>();

  /** The open transaction of this asynchronous call chain, if any. */
  get transactionRunner(): QueryRunner | undefined {
    return this.openTransaction?.runner;
  }

  /** Waits for its turn, then runs `write` alone. Inside a transaction of the same call chain it runs at once. */
  exclusive<T>(write: () => Promise<T> | T): Promise<T> {
    const transaction = this.openTransaction;
    if (transaction) return this.join(transaction, write);
    const turn = this.tail.then(write);
    this.tail = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  /** Runs `work` in a transaction of its own, or in the one that this call chain has open already. */
  transaction<T>(open: () => QueryRunner, work: () => Promise<T>): Promise<T> {
    if (this.transactionRunner) return work();
    return this.exclusive(async () => {
      const transaction: Transaction = { runner: open(), open: true, pending: new Set() };
      const { runner } = transaction;
      // Not TypeORM's startTransaction(): SQLite rolls back by itself when the disk is full, TypeORM goes on counting
      // one transaction more than there is, and from then on nothing is committed.
      await runner.query('BEGIN IMMEDIATE');
      try {
        const result = await this.current.run(transaction, work).finally(() => this.end(transaction));
        await runner.query('COMMIT');
        return result;
      } catch (error) {
        await runner.query('ROLLBACK').catch(() => undefined); // nothing left to roll back: see above
        throw error;
      } finally {
        // While it is enabled Node calls a hook for every promise of the process, whoever makes it. Nobody else is inside.
        this.current.disable();
        await runner.release();
      }
    });
  }

  private get openTransaction(): Transaction | undefined {
    const transaction = this.current.getStore();
    return transaction?.open ? transaction : undefined;
  }

  private join<T>({ pending }: Transaction, write: () => Promise<T> | T): Promise<T> {
    const written = Promise.resolve().then(write);
    const settled: Promise<unknown> = written.then(
      () => pending.delete(settled),
      () => pending.delete(settled),
    );
    pending.add(settled);
    return written;
  }

  /** What `work` left running must not write into somebody else's transaction; what comes later stands on its own. */
  private async end(transaction: Transaction): Promise<void> {
    while (transaction.pending.size > 0) await Promise.all(transaction.pending);
    transaction.open = false;
  }
}
