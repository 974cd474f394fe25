import { PERIODS, bucketStart, statusNumber, statusOf, tally } from '@app/core';
import type { Period } from '@app/core';
import type { mongo } from 'mongoose';
import { unlessThere } from '../errors';
import { BEATS, STATES, bucketKey, parseKey, seriesOf } from './documents';
import type { BeatDocument, BucketDocument, DeliveryDocument, Pending, StateDocument } from './documents';

/** A version of a state whose effects are to be done. */
export interface Version {
  monitorId: string;
  key: number;
  version: number;
  pending: Pending;
}

/** Who set the `status` of a monitor last; the store does not know these fields. */
interface MonitorDocument {
  _id: string;
  status: number;
  statusKey?: number;
  statusVersion?: number;
}

/**
 * Does what versions of states still have to do, each kind in one command for all monitors. Everything may have been
 * done before, in whole or in part, may be done by somebody else at this moment, and even after newer versions: beats
 * and deliveries have ids of their own, buckets and monitors know the last version that they saw. The next version of
 * a state is only made when this one is done, so "last version" is all that has to be known.
 */
export class Effects {
  constructor(private readonly db: mongo.Db) {}

  /** At the end nothing is pending of these versions. */
  async run(versions: readonly Version[]): Promise<void> {
    if (versions.length === 0) return;
    await Promise.all([
      this.insert<BeatDocument>(
        BEATS,
        versions.flatMap(({ pending }) => pending.beats),
      ),
      this.insert<DeliveryDocument>(
        'deliveries',
        versions.flatMap(({ pending }) => pending.deliveries),
      ),
      ...PERIODS.map((period) => this.count(period, versions)),
      this.showStatus(versions),
    ]);
    await this.done(versions);
  }

  /** Keeps slower effects of older versions from setting the monitor's status. */
  async settleStatus(monitorId: string, key: number, version: number): Promise<void> {
    await this.db
      .collection<MonitorDocument>('monitors')
      .updateOne({ _id: monitorId, ...olderThan(key, version) }, { $set: { statusKey: key, statusVersion: version } });
  }

  private async insert<D extends { _id: string }>(name: string, documents: D[]): Promise<void> {
    if (documents.length === 0) return;
    const collection = this.db.collection<{ _id: string }>(name);
    await unlessThere(collection.insertMany(documents, { ordered: false }));
  }

  /**
   * Buckets after the newest beat before these are new: an insert that finds one finds what was counted before. Others
   * are added to, unless they have seen this version; those that are not there (a late beat's) are inserted then.
   */
  private async count(period: Period, versions: readonly Version[]): Promise<void> {
    const fresh: BucketDocument[] = [];
    const known: BucketDocument[] = [];
    for (const { key, version, pending } of versions) {
      for (const [start, bucket] of bucketsOf(period, key, version, pending.beats)) {
        const isNew = pending.since === null || start > bucketStart(pending.since, period);
        (isNew ? fresh : known).push(bucket);
      }
    }
    await Promise.all([this.insert(seriesOf(period), fresh), this.add(seriesOf(period), known)]);
  }

  private async add(name: string, buckets: BucketDocument[]): Promise<void> {
    if (buckets.length === 0) return;
    const collection = this.db.collection<BucketDocument>(name);
    const updates = buckets.map(({ _id, key: _key, version, latencyMin, latencyMax, ...sums }) => ({
      updateOne: {
        filter: { _id, version: { $lt: version } },
        update: {
          $set: { version },
          $inc: sums,
          ...(latencyMin !== undefined && { $min: { latencyMin }, $max: { latencyMax } }),
        },
      },
    }));
    const { matchedCount } = await collection.bulkWrite(updates, { ordered: false });
    if (matchedCount < buckets.length) await this.insert(name, buckets);
  }

  private async showStatus(versions: readonly Version[]): Promise<void> {
    const updates = versions.flatMap(({ monitorId, key, version, pending: { status } }) => {
      if (status === null) return [];
      const $set = { status: statusNumber(status), statusKey: key, statusVersion: version };
      return [{ updateOne: { filter: { _id: monitorId, ...olderThan(key, version) }, update: { $set } } }];
    });
    if (updates.length === 0) return;
    await this.db.collection<MonitorDocument>('monitors').bulkWrite(updates, { ordered: false });
  }

  private async done(versions: readonly Version[]): Promise<void> {
    const updates = versions.map(({ monitorId, key, version }) => ({
      updateOne: {
        filter: { _id: monitorId, key, version },
        update: { $unset: { pending: '' as const, pendingAt: '' as const } },
      },
    }));
    await this.db.collection<StateDocument>(STATES).bulkWrite(updates, { ordered: false });
  }
}

function olderThan(key: number, version: number) {
  return {
    $or: [
      { statusKey: { $exists: false } },
      { statusKey: { $lt: key } },
      { statusKey: key, statusVersion: { $lt: version } },
    ],
  };
}

function bucketsOf(
  period: Period,
  key: number,
  version: number,
  beats: readonly BeatDocument[],
): Map<number, BucketDocument> {
  const buckets = new Map<number, BucketDocument>();
  for (const { _id, status, latency } of beats) {
    const start = bucketStart(parseKey(_id).time, period);
    let bucket = buckets.get(start);
    if (!bucket) {
      const none = { up: 0, down: 0, maintenance: 0, latencySum: 0 };
      bucket = { _id: bucketKey(key, start), key, version, ...none };
      buckets.set(start, bucket);
    }
    const { up, down, maintenance } = tally(statusOf(status));
    bucket.up += up;
    bucket.down += down;
    bucket.maintenance += maintenance;
    if (up === 0) continue;
    bucket.latencySum += latency;
    bucket.latencyMin = Math.min(bucket.latencyMin ?? latency, latency);
    bucket.latencyMax = Math.max(bucket.latencyMax ?? latency, latency);
  }
  return buckets;
}
