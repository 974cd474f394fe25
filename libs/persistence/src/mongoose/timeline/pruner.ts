import { PERIODS } from '@app/core';
import type { Retention } from '@app/core';
import type { mongo } from 'mongoose';
import { BEATS, STATES, afterKey, bucketKey, keyPrefix, parseKey, seriesOf } from './documents';
import type { StateDocument } from './documents';

/** What one turn does at most. */
const DOCUMENTS_PER_TURN = 2000;
const STEPS_PER_TURN = 20;
const MONITORS_PER_STEP = 100;

interface Collection {
  name: string;
  before: (retention: Retention) => number | undefined;
}

interface Timed {
  _id: string;
}

const COLLECTIONS: Collection[] = [
  { name: BEATS, before: ({ beatsBefore }) => beatsBefore },
  ...PERIODS.map((period) => ({
    name: seriesOf(period),
    before: ({ seriesBefore }: Retention) => seriesBefore[period],
  })),
];

/**
 * Deletes what is too old and what belongs to no monitor any more, a bounded part per turn, going round the
 * collections. Ids are in the order of monitor and time, so what may go between two monitors that exist, and the old
 * end of the second one, is one stretch of them.
 */
export class Pruner {
  private readonly states: mongo.Collection<StateDocument>;
  private position = { collection: 0, key: 0 };

  constructor(private readonly db: mongo.Db) {
    this.states = db.collection<StateDocument>(STATES);
  }

  /** @returns false when a whole round is done. */
  async run(retention: Retention): Promise<boolean> {
    for (let steps = 0; steps < STEPS_PER_TURN; steps++) {
      const { more, deleted } = await this.step(retention);
      if (!more) return false;
      if (deleted > 0) return true;
    }
    return true;
  }

  private async step(retention: Retention): Promise<{ more: boolean; deleted: number }> {
    const { name, before } = COLLECTIONS[this.position.collection]!;
    const from = this.position.key;
    const live = await this.liveKeys({ $gt: from }, MONITORS_PER_STEP);
    const isLast = live.length < MONITORS_PER_STEP;
    const found = await this.candidates(name, stretches(from, live, before(retention), isLast));
    const doomed = await this.withoutNewMonitors(found, live);
    const deleted = doomed.length;
    if (deleted > 0) await this.db.collection<Timed>(name).deleteMany({ $or: spans(doomed) });

    if (found.length === DOCUMENTS_PER_TURN && deleted > 0) return { more: true, deleted }; // here is more
    this.position = isLast
      ? { collection: (this.position.collection + 1) % COLLECTIONS.length, key: 0 }
      : { ...this.position, key: live.at(-1)! };
    return { more: this.position.collection > 0 || !isLast, deleted };
  }

  private async liveKeys(key: { $gt: number } | { $in: number[] }, limit: number): Promise<number[]> {
    const documents = await this.states.find({ key }, { projection: { key: 1 }, sort: { key: 1 }, limit }).toArray();
    return documents.map((document) => document.key);
  }

  private async candidates(name: string, ranges: { _id: { $gte: string; $lt: string } }[]): Promise<string[]> {
    if (ranges.length === 0) return [];
    const documents = await this.db
      .collection<Timed>(name)
      .find({ $or: ranges }, { projection: { _id: 1 }, sort: { _id: 1 }, limit: DOCUMENTS_PER_TURN })
      .toArray();
    return documents.map(({ _id }) => _id);
  }

  /** A monitor may have got its number after the others were listed. Its state is there before anything else of it. */
  private async withoutNewMonitors(ids: string[], live: readonly number[]): Promise<string[]> {
    const known = new Set(live);
    const unknown = [...new Set(ids.map((id) => parseKey(id).key))].filter((key) => !known.has(key));
    if (unknown.length === 0) return ids;
    const born = new Set(await this.liveKeys({ $in: unknown }, unknown.length));
    return ids.filter((id) => !born.has(parseKey(id).key));
  }
}

/** From the end of one monitor to the moment before which the next one's may go. */
function stretches(from: number, live: readonly number[], before: number | undefined, toTheEnd: boolean) {
  let start = from === 0 ? '' : afterKey(from);
  const ranges: { _id: { $gte: string; $lt: string } }[] = [];
  for (const key of live) {
    ranges.push({ _id: { $gte: start, $lt: before === undefined ? keyPrefix(key) : bucketKey(key, before) } });
    start = afterKey(key);
  }
  if (toTheEnd) ranges.push({ _id: { $gte: start, $lt: 'g' } });
  return ranges;
}

/** Sorted ids as one span per monitor: everything between the first and the last may go as well. */
function spans(ids: readonly string[]) {
  const byKey = new Map<number, { _id: { $gte: string; $lte: string } }>();
  for (const id of ids) {
    const { key } = parseKey(id);
    const span = byKey.get(key);
    if (span) span._id.$lte = id;
    else byKey.set(key, { _id: { $gte: id, $lte: id } });
  }
  return [...byKey.values()];
}
