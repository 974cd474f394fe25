import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { SECOND, StartupError } from '@app/core';
import type { mongo } from 'mongoose';
import { isDuplicate } from '../errors';
import { Silence } from '../silence';

interface LockDocument {
  _id: 'migration';
  owner: string;
  /** Grows while the owner lives. */
  beat: number;
}

const COLLECTION = 'schema_migration_lock';
const BEAT_EVERY_MS = SECOND;
/** One that has not beaten for so long, while somebody waits, is dead. */
const LEASE_MS = 5 * BEAT_EVERY_MS;
const POLL_MS = 100;

export interface Holder {
  /** @throws StartupError when another process has taken the lock: then nothing more may be done. */
  check(): Promise<void>;
}

/** One process at a time migrates; others wait, and take over from one that died. No clock of another machine counts. */
export class MigrationLock {
  private readonly locks: mongo.Collection<LockDocument>;

  constructor(
    db: mongo.Db,
    private readonly leaseMs = LEASE_MS,
  ) {
    this.locks = db.collection<LockDocument>(COLLECTION);
  }

  async run<T>(work: (holder: Holder) => Promise<T>): Promise<T> {
    const owner = await this.acquire();
    const beating = setInterval(() => void this.beat(owner).catch(() => undefined), BEAT_EVERY_MS);
    const check = async () => {
      if (!(await this.beat(owner))) throw new StartupError('Another process migrates this database: start again');
    };
    try {
      return await work({ check });
    } finally {
      clearInterval(beating);
      await this.locks.deleteOne({ _id: 'migration', owner });
    }
  }

  private async acquire(): Promise<string> {
    const owner = randomUUID();
    const silence = new Silence(this.leaseMs);
    for (;;) {
      const there = await this.locks.findOne({ _id: 'migration' });
      if (!there) {
        if (await this.insert(owner)) return owner;
      } else if (silence.tooLong(there.owner, there.beat)) {
        const { matchedCount } = await this.locks.updateOne(
          { _id: 'migration', owner: there.owner, beat: there.beat },
          { $set: { owner, beat: 0 } },
        );
        if (matchedCount > 0) return owner;
      }
      await delay(POLL_MS);
    }
  }

  private async insert(owner: string): Promise<boolean> {
    try {
      await this.locks.insertOne({ _id: 'migration', owner, beat: 0 });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  private async beat(owner: string): Promise<boolean> {
    const { matchedCount } = await this.locks.updateOne({ _id: 'migration', owner }, { $inc: { beat: 1 } });
    return matchedCount > 0;
  }
}

export const LOCK_COLLECTION = COLLECTION;
