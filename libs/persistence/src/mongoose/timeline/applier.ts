import { setTimeout as delay } from 'node:timers/promises';
import { AppError, NEW_STATE, newId } from '@app/core';
import type { Applied, Clock } from '@app/core';
import type { mongo } from 'mongoose';
import { unlessThere } from '../errors';
import { BEATS, COUNTERS, MONITOR_KEYS, STATES, beatKey } from './documents';
import type { DeliveryDocument, Pending, StateDocument } from './documents';
import type { Effects, Version } from './effects';
import { walk } from './walk';
import type { MonitorRow, Submitted, Walk } from './walk';

/** How much one version of a state carries at most, so that its document stays far below MongoDB's 16 MB. */
const RESULTS_PER_VERSION = 500;
const DELIVERIES_PER_VERSION = 500;
/** How many versions a state document remembers the makers of. */
const MAKERS = 8;
/** Somebody else can be faster so often; each time somebody gets on. */
const ATTEMPTS = 100;

interface Plan extends Walk {
  from: StateDocument;
  monitor: MonitorRow;
  results: Submitted[];
  /** Ids of the beats that are there already. */
  stored: ReadonlySet<string>;
  /** How many of `results` this walk took. */
  used: number;
  pending: Pending;
}

/**
 * Applies results without transactions. A monitor's state advances by one conditional update, which also carries what
 * is still to be done elsewhere; see {@link Effects}. Whoever comes next finishes that first. So a process may die
 * between any two commands: a state that has not advanced takes the results again, one that has knows them.
 */
export class Applier {
  private readonly states: mongo.Collection<StateDocument>;

  constructor(
    private readonly db: mongo.Db,
    private readonly effects: Effects,
    private readonly clock: Clock,
  ) {
    this.states = db.collection<StateDocument>(STATES);
  }

  async apply(submitted: readonly Submitted[]): Promise<Applied[]> {
    const applied: { index: number; applied: Applied }[] = [];
    const left = byMonitor(submitted);
    for (let attempt = 0; left.size > 0; attempt++) {
      if (attempt === ATTEMPTS) throw new AppError('unavailable', 'The database is busy');
      const progress = await this.round(left, applied);
      if (!progress) await delay(Math.random() * Math.min(2 ** attempt, 50));
      else attempt = 0;
    }
    return applied.sort((a, b) => a.index - b.index).map((one) => one.applied);
  }

  /** One version per monitor. What is done leaves `left`. @returns false when somebody else was faster everywhere */
  private async round(left: Map<string, Submitted[]>, applied: { index: number; applied: Applied }[]) {
    const before = left.size;
    const plans = await this.plan(left);
    const idle = plans.filter(({ steps }) => steps.length === 0);
    for (const plan of idle) consume(left, plan);

    const maker = newId();
    const advanced = await this.advance(
      plans.filter(({ steps }) => steps.length > 0),
      maker,
    );
    for (const plan of advanced) {
      consume(left, plan);
      const hasChannels = plan.pending.deliveries.length > 0;
      for (const { index, applied: one, announced } of plan.steps) {
        applied.push({ index, applied: { ...one, announced: hasChannels && announced.length > 0 } });
      }
    }
    await this.effects.run(advanced.map((plan) => versionOf(plan)));
    return advanced.length > 0 || left.size < before;
  }

  private async plan(left: Map<string, Submitted[]>): Promise<Plan[]> {
    const { monitors, states } = await this.load([...left.keys()]);
    for (const id of left.keys()) if (!monitors.has(id)) left.delete(id); // deleted meanwhile
    await this.finish(states);
    const now = this.clock.now();
    const stored = await this.alreadyStored(left, states);
    const plans: Plan[] = [];
    for (const [id, all] of left) {
      const from = states.get(id);
      if (!from) continue; // made or removed by somebody else at this moment: next round
      const results = all.slice(0, RESULTS_PER_VERSION);
      const monitor = monitors.get(id)!;
      plans.push(plan({ from, monitor, results, stored }, [], now));
    }
    return this.withDeliveries(plans, now);
  }

  /** Everything of an earlier version has to be done before the next one is made. */
  private async finish(states: ReadonlyMap<string, StateDocument>): Promise<void> {
    const versions: Version[] = [];
    for (const { _id: monitorId, key, version, pending } of states.values()) {
      if (pending) versions.push({ monitorId, key, version, pending });
    }
    await this.effects.run(versions);
  }

  /** Monitors without a state get one, with a number of their own. */
  private async load(ids: string[]) {
    const [monitors, states] = await Promise.all([this.monitors(ids), this.existing(ids)]);
    const missing = ids.filter((id) => monitors.has(id) && !states.has(id));
    if (missing.length === 0) return { monitors, states };

    const key = await this.reserveKeys(missing.length);
    const fresh = missing.map((id, i) => newState(id, key + i));
    await unlessThere(this.states.insertMany(fresh, { ordered: false }));
    // A monitor that was deleted meanwhile took the states along that there were: not those that came after.
    const [still, made] = await Promise.all([this.monitors(missing), this.existing(missing)]);
    const gone = missing.filter((id) => !still.has(id));
    if (gone.length > 0) await this.states.deleteMany({ _id: { $in: gone } });
    for (const id of gone) monitors.delete(id);
    for (const [id, state] of made) if (still.has(id)) states.set(id, state);
    return { monitors, states };
  }

  private async monitors(ids: string[]): Promise<Map<string, MonitorRow>> {
    const rows = await this.db
      .collection<{ _id: string; name: string }>('monitors')
      .find({ _id: { $in: ids } }, { projection: { name: 1 } })
      .toArray();
    return new Map(rows.map(({ _id, name }) => [_id, { id: _id, name }]));
  }

  private async existing(ids: string[]): Promise<Map<string, StateDocument>> {
    const documents = await this.states.find({ _id: { $in: ids } }).toArray();
    return new Map(documents.map((document) => [document._id, document]));
  }

  /** @returns the first of so many numbers that nobody had before. */
  async reserveKeys(count: number): Promise<number> {
    const counter = await this.db
      .collection<{ _id: string; last: number }>(COUNTERS)
      .findOneAndUpdate({ _id: MONITOR_KEYS }, { $inc: { last: count } }, { upsert: true, returnDocument: 'after' });
    return counter!.last - count + 1;
  }

  /** Newer results than the newest beat are new; of the others, one look tells which are known. */
  private async alreadyStored(
    left: ReadonlyMap<string, Submitted[]>,
    states: ReadonlyMap<string, StateDocument>,
  ): Promise<ReadonlySet<string>> {
    const ids: string[] = [];
    for (const { _id, key, time } of states.values()) {
      for (const { result } of left.get(_id)?.slice(0, RESULTS_PER_VERSION) ?? []) {
        if (time !== null && result.startedAt <= time) ids.push(beatKey(key, result.startedAt, result.nonce));
      }
    }
    if (ids.length === 0) return new Set();
    const found = await this.db
      .collection<{ _id: string }>(BEATS)
      .find({ _id: { $in: ids } }, { projection: { _id: 1 } })
      .toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  private async withDeliveries(plans: Plan[], now: number): Promise<Plan[]> {
    const telling = plans.filter(({ steps }) => steps.some(({ announced }) => announced.length > 0));
    if (telling.length === 0) return plans;
    const channels = await this.channels(telling.map(({ monitor }) => monitor.id));
    return plans.map((one) => {
      const channelIds = channels.get(one.monitor.id) ?? [];
      let fitting = channelIds.length > 0 ? plan(one, channelIds, now) : one;
      while (fitting.pending.deliveries.length > DELIVERIES_PER_VERSION && fitting.used > 1) {
        const results = one.results.slice(0, Math.floor(fitting.used / 2));
        fitting = plan({ ...one, results }, channelIds, now);
      }
      return fitting;
    });
  }

  /** Active channels of each monitor, in the order of its links. */
  private async channels(monitorIds: string[]): Promise<Map<string, string[]>> {
    const links = await this.db
      .collection<{ _id: string; monitorId: string; channelId: string; position: number }>('monitor_notifications')
      .find({ monitorId: { $in: monitorIds } }, { sort: { position: 1 } })
      .toArray();
    if (links.length === 0) return new Map();
    const active = await this.db
      .collection<{ _id: string; active: boolean }>('notification_channels')
      .find({ _id: { $in: links.map(({ channelId }) => channelId) }, active: true }, { projection: { _id: 1 } })
      .toArray();
    const ids = new Set(active.map(({ _id }) => _id));
    const channels = new Map<string, string[]>();
    for (const { monitorId, channelId } of links) {
      if (ids.has(channelId)) channels.set(monitorId, [...(channels.get(monitorId) ?? []), channelId]);
    }
    return channels;
  }

  /** @returns the plans that became versions; of the others, somebody else was faster. */
  private async advance(plans: Plan[], maker: string): Promise<Plan[]> {
    if (plans.length === 0) return [];
    const pendingAt = this.clock.now();
    const updates = plans.map(({ from, state, certificate, pending }) => ({
      updateOne: {
        filter: { _id: from._id, key: from.key, version: from.version },
        update: {
          $set: {
            status: state.status,
            time: state.time,
            retries: state.retries,
            downCount: state.downCount,
            announced: state.announced,
            lastPushAt: state.lastPushAt,
            lastMaintenanceAt: state.lastMaintenanceAt,
            version: from.version + 1,
            makers: [...from.makers.slice(1 - MAKERS), maker],
            pending,
            pendingAt,
            ...(certificate && certificate !== from.certificate && { certificate }),
          },
        },
      },
    }));
    const { matchedCount } = await this.states.bulkWrite(updates, { ordered: false });
    if (matchedCount === plans.length) return plans;
    if (matchedCount === 0) return [];
    const ids = plans.map(({ from }) => from._id);
    const mine = await this.states.find({ _id: { $in: ids }, makers: maker }, { projection: { _id: 1 } }).toArray();
    const won = new Set(mine.map(({ _id }) => _id));
    return plans.filter(({ from }) => won.has(from._id));
  }
}

function plan(
  { from, monitor, results, stored }: Pick<Plan, 'from' | 'monitor' | 'results' | 'stored'>,
  channelIds: readonly string[],
  now: number,
): Plan {
  const walked = walk(from, monitor, results, stored, now);
  const deliveries = walked.steps.flatMap(({ announced }) =>
    announced.flatMap((one) => channelIds.map((channelId) => delivery(monitor.id, channelId, one, now))),
  );
  const pending: Pending = {
    since: from.time,
    beats: walked.steps.map(({ beat }) => beat),
    deliveries,
    status: walked.state.status === from.status ? null : walked.state.status,
  };
  return { ...walked, from, monitor, results, stored, used: results.length, pending };
}

function delivery(
  monitorId: string,
  channelId: string,
  { kind, source, text, heartbeat }: Walk['steps'][number]['announced'][number],
  now: number,
): DeliveryDocument {
  const at = new Date(now);
  return {
    _id: newId(now),
    createdAt: at,
    updatedAt: at,
    monitorId,
    channelId,
    kind,
    source,
    text,
    ...(heartbeat !== null && { heartbeat }),
    state: 'waiting',
    attempts: 0,
    dueAt: at,
  };
}

function versionOf({ from, pending }: Plan): Version {
  return { monitorId: from._id, key: from.key, version: from.version + 1, pending };
}

export function newState(monitorId: string, key: number): StateDocument {
  return { ...NEW_STATE, _id: monitorId, key, version: 0, makers: [] };
}

function byMonitor(submitted: readonly Submitted[]): Map<string, Submitted[]> {
  const groups = new Map<string, Submitted[]>();
  for (const one of submitted) {
    const group = groups.get(one.result.monitorId);
    if (group) group.push(one);
    else groups.set(one.result.monitorId, [one]);
  }
  return groups;
}

function consume(left: Map<string, Submitted[]>, { monitor, used }: Plan): void {
  const rest = left.get(monitor.id)!.slice(used);
  if (rest.length > 0) left.set(monitor.id, rest);
  else left.delete(monitor.id);
}
