import { AsyncLocalStorage } from 'node:async_hooks';
import type { QueryRunner } from 'typeorm';

/**
 * Lets one writer in at a time. TypeORM gives SQLite a single connection: a statement sent while somebody else's
 * transaction is open becomes part of it and is lost when that one rolls back. So everything that writes queues here.
 * Nothing inside may wait for the network: nobody else writes meanwhile.
 */
export class WriteGate {
  private tail: Promise<unknown> = Promise.resolve();
  private readonly current = new AsyncLocalStorage<{ runner: QueryRunner; open: boolean }>();

  /** The open transaction of this asynchronous call chain, if any. */
  get transactionRunner(): QueryRunner | undefined {
    const transaction = this.current.getStore();
    return transaction?.open ? transaction.runner : undefined;
  }

  /** Waits for its turn, then runs `write` alone. Inside a transaction of the same call chain it runs at once. */
  exclusive<T>(write: () => Promise<T> | T): Promise<T> {
    if (this.transactionRunner) return Promise.resolve().then(write);
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
      const transaction = { runner: open(), open: true };
      await transaction.runner.startTransaction();
      try {
        const result = await this.current.run(transaction, work);
        await transaction.runner.commitTransaction();
        return result;
      } catch (error) {
        await transaction.runner.rollbackTransaction();
        throw error;
      } finally {
        // What `work` left running must not write into somebody else's transaction.
        transaction.open = false;
        await transaction.runner.release();
      }
    });
  }
}
