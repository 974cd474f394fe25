import { AppError, NEW_STATE, Timeline } from '@app/core';
import type {
  Applied,
  BeatWindow,
  Bucket,
  CertificateDocument,
  CheckResult,
  Clock,
  Counts,
  MonitorState,
  Heartbeat,
  Period,
  Retention,
} from '@app/core';
import type { mongo } from 'mongoose';
import { translated } from '../errors';
import type { Journal } from '../store/journal';
import { Applier } from './applier';
import { STATES } from './documents';
import type { StateDocument } from './documents';
import { Effects } from './effects';
import { Pruner } from './pruner';
import { Reads } from './reads';
import type { Submitted } from './walk';

export interface MongoTimelineOptions {
  db: mongo.Db;
  journal: Journal;
  clock: Clock;
}

/** How often somebody else can be faster in a row. */
const ATTEMPTS = 100;
/** Effects older than this belong to a process that is dead or slow: either way they can be done again. */
const OVERDUE_MS = 10_000;
const STATES_PER_SWEEP = 200;

/** The timeline on MongoDB, without multi-document transactions: see {@link Applier}. */
export class MongoTimeline extends Timeline {
  private readonly documents: mongo.Collection<StateDocument>;
  private readonly effects: Effects;
  private readonly applier: Applier;
  private readonly reads: Reads;
  private readonly pruner: Pruner;

  constructor(private readonly options: MongoTimelineOptions) {
    super();
    const { db, clock } = options;
    this.documents = db.collection<StateDocument>(STATES);
    this.effects = new Effects(db);
    this.applier = new Applier(db, this.effects, clock);
    this.reads = new Reads(db);
    this.pruner = new Pruner(db);
  }

  override apply(results: readonly CheckResult[]): Promise<Applied[]> {
    return translated(() => this.applier.apply(results.map(submit)));
  }

  override states(monitorIds: readonly string[]): Promise<Map<string, MonitorState>> {
    return translated(() => this.reads.statesOf(monitorIds));
  }

  override beats(monitorId: string, window: BeatWindow): Promise<Heartbeat[]> {
    return translated(() => this.reads.beats(monitorId, window));
  }

  override newest(monitorIds: readonly string[], limit: number): Promise<Map<string, Heartbeat[]>> {
    return translated(() => this.reads.newest(monitorIds, limit));
  }

  override series(monitorId: string, period: Period, from: number, to: number): Promise<Bucket[]> {
    return translated(() => this.reads.series(monitorId, period, from, to));
  }

  override uptime(
    monitorIds: readonly string[],
    windowsMs: readonly number[],
    now: number,
  ): Promise<Map<string, Counts[]>> {
    return translated(() => this.reads.uptime(monitorIds, windowsMs, now));
  }

  override certificate(monitorId: string): Promise<CertificateDocument | null> {
    return translated(() => this.reads.certificate(monitorId));
  }

  override reset(monitorId: string): Promise<void> {
    return this.options.journal.write(() =>
      this.change(monitorId, async (from) => {
        // A new number makes the old beats unreachable at once; prune() takes them off the disk in its own time.
        const key = await this.applier.reserveKeys(1);
        const version = from.version + 1;
        const { announced, lastPushAt, lastMaintenanceAt } = from;
        await this.noteReset(from, { key, version });
        const { matchedCount } = await this.documents.updateOne(
          { _id: monitorId, key: from.key, version: from.version },
          { $set: { ...NEW_STATE, announced, lastPushAt, lastMaintenanceAt, key, version } },
        );
        if (matchedCount > 0) await this.effects.settleStatus(monitorId, key, version);
        return matchedCount > 0;
      }),
    );
  }

  override forget(monitorId: string): Promise<void> {
    return this.options.journal.write(() =>
      this.change(monitorId, async (from) => {
        const { _id, key, version } = from;
        await this.options.journal.note(() => [{ kind: 'bring back', collection: STATES, documents: [{ ...from }] }]);
        return (await this.documents.deleteOne({ _id, key, version })).deletedCount > 0;
      }),
    );
  }

  override prune(retention: Retention): Promise<boolean> {
    return translated(() => this.pruner.run(retention));
  }

  /** Finishes what processes began that died, once it is older than `ageMs`. */
  recover(ageMs = OVERDUE_MS): Promise<void> {
    return translated(async () => {
      for (;;) {
        const overdue = await this.documents
          .find({ pendingAt: { $lte: this.options.clock.now() - ageMs } }, { limit: STATES_PER_SWEEP })
          .toArray();
        await this.effects.run(
          overdue.flatMap(({ _id: monitorId, key, version, pending }) =>
            pending ? [{ monitorId, key, version, pending }] : [],
          ),
        );
        if (overdue.length < STATES_PER_SWEEP) return;
      }
    });
  }

  /** Changes a state from the version that it is in, with nothing pending; again when somebody else was faster. */
  private async change(monitorId: string, attempt: (from: StateDocument) => Promise<boolean>): Promise<void> {
    for (let i = 0; i < ATTEMPTS; i++) {
      const from = await this.documents.findOne({ _id: monitorId });
      if (!from) return;
      const { key, version, pending, pendingAt: _, ...rest } = from;
      if (pending) await this.effects.run([{ monitorId, key, version, pending }]);
      if (await attempt({ ...rest, key, version })) return;
    }
    throw new AppError('unavailable', 'The database is busy');
  }

  private async noteReset(from: StateDocument, after: { key: number; version: number }): Promise<void> {
    await this.options.journal.note(async () => {
      const { _id: id, ...before } = from;
      const monitors = this.options.db.collection<{ _id: string; statusKey?: number; statusVersion?: number }>(
        'monitors',
      );
      const shown = await monitors.findOne({ _id: id }, { projection: { _id: 0, statusKey: 1, statusVersion: 1 } });
      return [
        { kind: 'restore', collection: STATES, id, before, after },
        {
          kind: 'restore',
          collection: 'monitors',
          id,
          before: { ...shown },
          after: { statusKey: after.key, statusVersion: after.version },
        },
      ];
    });
  }
}

function submit(result: CheckResult, index: number): Submitted {
  const { certificate } = result;
  return { index, result, certificateText: certificate ? JSON.stringify(certificate.document) : null };
}
