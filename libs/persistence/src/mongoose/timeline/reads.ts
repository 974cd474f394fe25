import { heartbeatId, planWindow, statusOf } from '@app/core';
import type { BeatWindow, Bucket, CertificateDocument, Counts, Heartbeat, MonitorState, Period } from '@app/core';
import type { mongo } from 'mongoose';
import { BEATS, STATES, afterKey, bucketKey, keyPrefix, parseKey, seriesOf } from './documents';
import type { BeatDocument, BucketDocument, StateDocument } from './documents';

interface Range {
  period: Period;
  from: number;
  to: number;
}

/** What is asked of the timeline. */
export class Reads {
  private readonly states: mongo.Collection<StateDocument>;
  private readonly stored: mongo.Collection<BeatDocument>;

  constructor(private readonly db: mongo.Db) {
    this.states = db.collection<StateDocument>(STATES);
    this.stored = db.collection<BeatDocument>(BEATS);
  }

  async statesOf(monitorIds: readonly string[]): Promise<Map<string, MonitorState>> {
    if (monitorIds.length === 0) return new Map();
    const documents = await this.states
      .find(withBeats(monitorIds), {
        projection: {
          status: 1,
          time: 1,
          retries: 1,
          downCount: 1,
          announced: 1,
          lastPushAt: 1,
          lastMaintenanceAt: 1,
        },
      })
      .toArray();
    return new Map(documents.map((document) => [document._id, toState(document)]));
  }

  async beats(monitorId: string, window: BeatWindow): Promise<Heartbeat[]> {
    const key = (await this.keys([monitorId])).get(monitorId);
    return key === undefined ? [] : this.beatsOf(monitorId, key, window);
  }

  /** One command per monitor, at the same time: FerretDB has none that limits them one by one. */
  async newest(monitorIds: readonly string[], limit: number): Promise<Map<string, Heartbeat[]>> {
    const keys = await this.keys(monitorIds);
    const lists = await Promise.all(
      [...keys].map(async ([id, key]) => [id, await this.beatsOf(id, key, { limit })] as const),
    );
    return new Map(lists.filter(([, beats]) => beats.length > 0));
  }

  private async beatsOf(monitorId: string, key: number, window: BeatWindow): Promise<Heartbeat[]> {
    const { limit, offset = 0, important } = window;
    const range = { $gte: keyPrefix(key), $lt: afterKey(key) };
    const cursor = important
      ? this.stored.find({ important: range }).sort({ important: -1 })
      : this.stored
          .find({ _id: range, ...(important === false && { important: { $exists: false } }) })
          .sort({ _id: -1 });
    const documents = await cursor.skip(offset).limit(limit).toArray();
    return documents.map((document) => toHeartbeat(monitorId, key, document));
  }

  async series(monitorId: string, period: Period, from: number, to: number): Promise<Bucket[]> {
    const key = (await this.keys([monitorId])).get(monitorId);
    if (key === undefined) return [];
    const documents = await this.db
      .collection<BucketDocument>(seriesOf(period))
      .find({ _id: { $gte: bucketKey(key, from), $lte: bucketKey(key, to) } })
      .sort({ _id: 1 })
      .toArray();
    return documents.map(toBucket);
  }

  /** Each range of each window is one command for all monitors. */
  async uptime(
    monitorIds: readonly string[],
    windowsMs: readonly number[],
    now: number,
  ): Promise<Map<string, Counts[]>> {
    const keys = await this.keys(monitorIds);
    if (keys.size === 0) return new Map();
    const windows = await Promise.all(
      windowsMs.map(async (windowMs) => {
        const { edge, body } = planWindow(now, windowMs);
        return Promise.all([edge, body].map((range) => this.sums([...keys.values()], range)));
      }),
    );
    const counts = new Map<string, Counts[]>();
    for (const id of monitorIds) {
      const key = keys.get(id);
      if (key === undefined) continue;
      counts.set(
        id,
        windows.map((parts) => add(parts.map((sums) => sums.get(key)))),
      );
    }
    return counts;
  }

  async certificate(monitorId: string): Promise<CertificateDocument | null> {
    const state = await this.states.findOne({ _id: monitorId }, { projection: { certificate: 1 } });
    return state?.certificate ? (JSON.parse(state.certificate.document) as CertificateDocument) : null;
  }

  /** Numbers of the monitors that have beats. */
  private async keys(monitorIds: readonly string[]): Promise<Map<string, number>> {
    if (monitorIds.length === 0) return new Map();
    const documents = await this.states.find(withBeats(monitorIds), { projection: { key: 1 } }).toArray();
    return new Map(documents.map(({ _id, key }) => [_id, key]));
  }

  /** Half open: from <= start < to. */
  private async sums(keys: number[], range: Range): Promise<Map<number, Counts>> {
    if (range.from >= range.to) return new Map();
    const [up, down] = await Promise.all([this.sum('up', keys, range), this.sum('down', keys, range)]);
    return new Map(keys.map((key) => [key, { up: up.get(key) ?? 0, down: down.get(key) ?? 0 }]));
  }

  /** One sum per command: FerretDB, on which this has to run as well, forgets every other one. */
  private async sum(field: 'up' | 'down', keys: number[], { period, from, to }: Range): Promise<Map<number, number>> {
    const ranges = keys.map((key) => ({ _id: { $gte: bucketKey(key, from), $lt: bucketKey(key, to) } }));
    const rows = await this.db
      .collection<BucketDocument>(seriesOf(period))
      .aggregate<{ _id: number; sum: number }>([
        { $match: { $or: ranges } },
        { $group: { _id: '$key', sum: { $sum: `$${field}` } } },
      ])
      .toArray();
    return new Map(rows.map(({ _id, sum }) => [_id, sum]));
  }
}

function withBeats(monitorIds: readonly string[]) {
  return { _id: { $in: [...monitorIds] }, time: { $ne: null } };
}

function add(counts: readonly (Counts | undefined)[]): Counts {
  return counts.reduce<Counts>((sum, one) => ({ up: sum.up + (one?.up ?? 0), down: sum.down + (one?.down ?? 0) }), {
    up: 0,
    down: 0,
  });
}

export function toState(document: MonitorState): MonitorState {
  const { status, time, retries, downCount, announced, lastPushAt, lastMaintenanceAt } = document;
  return { status, time, retries, downCount, announced, lastPushAt, lastMaintenanceAt };
}

function toHeartbeat(monitorId: string, monitorKey: number, document: BeatDocument): Heartbeat {
  const { time, nonce } = parseKey(document._id);
  return {
    id: heartbeatId({ monitorKey, timeMs: time, nonce }),
    monitorId,
    status: statusOf(document.status),
    message: document.message,
    latencyMs: document.latency,
    downCount: document.downCount ?? 0,
    retries: document.retries ?? 0,
    important: document.important !== undefined,
    notified: document.notified === true,
    time,
    endTime: time + document.duration,
  };
}

function toBucket({ _id, up, down, maintenance, latencySum, latencyMin, latencyMax }: BucketDocument): Bucket {
  return {
    start: parseKey(_id).time,
    up,
    down,
    maintenance,
    latencySum,
    latencyMin: latencyMin ?? null,
    latencyMax: latencyMax ?? null,
  };
}
