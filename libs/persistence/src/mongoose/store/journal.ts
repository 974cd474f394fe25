import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, SECOND } from '@app/core';
import type { mongo } from 'mongoose';
import { Silence } from '../silence';
import { isDuplicate, translated, unlessThere } from '../errors';
import type { StoredDocument } from './document-mapper';

/** How to take one write back. Each is safe to do again, and leaves alone what somebody else has changed since. */
export type Undo =
  /** `createdAt` tells the records that were written from others that had their ids already. */
  | { kind: 'remove'; collection: string; ids: string[]; createdAt: Date }
  | { kind: 'bring back'; collection: string; documents: StoredDocument[] }
  | {
      kind: 'restore';
      collection: string;
      id: string;
      /** The fields that had a value, and it. */
      before: Record<string, unknown>;
      /** What the write made of all its fields; null where it took the value away. */
      after: Record<string, unknown>;
    };

interface Entry {
  _id: 'current';
  owner: string;
  /** Grows while the owner lives. */
  beat: number;
  undo: Undo[];
}

interface Transaction {
  owner: string;
  open: boolean;
  /** Writes under way inside: they share its fate even if `work` does not wait for them. */
  pending: Set<Promise<unknown>>;
}

const JOURNAL = 'transactions';

/** One that writes nothing for so long, while somebody waits, is taken back: its process is dead or as good as. */
const LEASE_MS = 5 * SECOND;
const WAIT_AT_MOST_MS = 15 * SECOND;
const LONGEST_PAUSE_MS = 50;

/**
 * Transactions for a database that may have none: one at a time in all processes, and how to take back each write is
 * noted down before it is made. One that fails is taken back at once; one whose process died, by whoever comes next.
 * Unlike elsewhere, others see what is written before the end.
 */
export class Journal {
  private readonly entries: mongo.Collection<Entry>;
  private readonly current = new AsyncLocalStorage<Transaction>();
  private tail: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly db: mongo.Db,
    private readonly leaseMs = LEASE_MS,
  ) {
    this.entries = db.collection<Entry>(JOURNAL);
  }

  /** Runs `work`, or joins the transaction that this call chain has open. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.openTransaction) return work();
    const turn = this.tail.then(() => this.run(work));
    this.tail = turn.catch(() => undefined);
    return turn;
  }

  /** A call that writes, notes included: the open transaction ends after it, waited for or not. */
  write<T>(call: () => Promise<T>): Promise<T> {
    const transaction = this.openTransaction;
    const written = translated(call);
    if (!transaction) return written;
    const settled: Promise<unknown> = written.then(
      () => transaction.pending.delete(settled),
      () => transaction.pending.delete(settled),
    );
    transaction.pending.add(settled);
    return written;
  }

  /** Before a write: how to take it back. Outside a transaction nothing is noted. */
  async note(describe: () => Undo[] | Promise<Undo[]>): Promise<void> {
    const transaction = this.openTransaction;
    if (!transaction) return;
    const undo = await describe();
    if (undo.length === 0) return;
    const { matchedCount } = await this.entries.updateOne(
      { _id: 'current', owner: transaction.owner },
      { $inc: { beat: 1 }, $push: { undo: { $each: undo } } },
    );
    if (matchedCount === 0) throw lost();
  }

  /** Takes back what a process left open that died; waits for one that goes on. */
  async recover(): Promise<void> {
    await this.whenFree(() => Promise.resolve(true));
  }

  private get openTransaction(): Transaction | undefined {
    const transaction = this.current.getStore();
    return transaction?.open ? transaction : undefined;
  }

  private async run<T>(work: () => Promise<T>): Promise<T> {
    const transaction: Transaction = { owner: randomUUID(), open: true, pending: new Set() };
    await translated(() => this.begin(transaction.owner));
    try {
      const result = await this.current.run(transaction, work).finally(() => end(transaction));
      const { deletedCount } = await translated(() => this.forget(transaction.owner));
      if (deletedCount === 0) throw lost();
      return result;
    } catch (error) {
      await translated(() => this.takeBack(transaction.owner));
      throw error;
    }
  }

  private async begin(owner: string): Promise<void> {
    await this.whenFree(async () => {
      try {
        await this.entries.insertOne({ _id: 'current', owner, beat: 0, undo: [] });
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    });
  }

  /** Waits until nobody has a transaction open and `take` succeeds. @throws AppError `unavailable` after a while */
  private async whenFree(take: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + WAIT_AT_MOST_MS;
    const silence = new Silence(this.leaseMs);
    for (let pause = 2; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const entry = await this.entries.findOne({ _id: 'current' }, { projection: { undo: 0 } });
      if (!entry && (await take())) return;
      if (entry && silence.tooLong(entry.owner, entry.beat)) await this.takeOver(entry);
      if (performance.now() > deadline) throw new AppError('unavailable', 'The database is busy');
      await delay(pause);
    }
  }

  private async takeOver({ owner, beat }: Pick<Entry, 'owner' | 'beat'>): Promise<void> {
    const heir = randomUUID();
    const { matchedCount } = await this.entries.updateOne({ _id: 'current', owner, beat }, { $set: { owner: heir } });
    if (matchedCount > 0) await this.takeBack(heir);
  }

  private async takeBack(owner: string): Promise<void> {
    const entry = await this.entries.findOne({ _id: 'current', owner });
    if (!entry) return;
    for (const undo of entry.undo.reverse()) await this.undo(undo);
    await this.forget(owner);
  }

  private forget(owner: string): Promise<mongo.DeleteResult> {
    return this.entries.deleteOne({ _id: 'current', owner });
  }

  private async undo(undo: Undo): Promise<void> {
    const documents = this.db.collection<StoredDocument>(undo.collection);
    switch (undo.kind) {
      case 'remove':
        await documents.deleteMany({ _id: { $in: undo.ids }, createdAt: undo.createdAt });
        return;
      case 'bring back':
        await unlessThere(documents.insertMany(undo.documents, { ordered: false }));
        return;
      case 'restore': {
        const gone = Object.keys(undo.after).filter((field) => !(field in undo.before));
        await documents.updateOne(
          { _id: undo.id, ...undo.after },
          {
            ...(Object.keys(undo.before).length > 0 && { $set: undo.before }),
            ...(gone.length > 0 && { $unset: Object.fromEntries(gone.map((field) => [field, ''] as const)) }),
          },
        );
      }
    }
  }
}

/** What `work` left running belongs to it; what comes later stands on its own. */
async function end(transaction: Transaction): Promise<void> {
  while (transaction.pending.size > 0) await Promise.all(transaction.pending);
  transaction.open = false;
}

function lost(): AppError {
  return new AppError('unavailable', 'The transaction took too long and was taken back');
}
