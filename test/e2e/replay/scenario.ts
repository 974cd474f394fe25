import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Status } from '@app/core';

/** What a webhook got in the recorded system. */
interface Call {
  heartbeat_status: number;
  msg: string;
}

interface RecordedBeat {
  /** When it was stored; after an outage of ours several at once. */
  t: number;
  /** When the check ended. */
  end_t: number;
  status: number;
  msg: string;
  important: boolean;
  notified: boolean;
  retries: number;
  down_count: number;
}

export interface Scenario {
  name: string;
  description: string;
  monitor?: {
    type: string;
    interval: number;
    timeout: number;
    max_retries: number;
    retry_interval: number;
    resend_interval: number;
  };
  actions?: { t: number; did: string }[];
  heartbeats?: RecordedBeat[];
  notifications?: Call[] | number;
}

/** Null when the folder of the recordings is not told. */
export function loadScenarios(): Scenario[] | null {
  const folder = process.env.EXCHANGES_DIR;
  if (!folder) return null;
  const all = JSON.parse(readFileSync(path.join(folder, 'engine-timelines.json'), 'utf8')) as Scenario[];
  return all.filter(({ name }) => name !== '_read_me');
}

export type Event = { t: number } & (
  | { kind: 'check'; status: Status; message: string }
  | { kind: 'push'; query: string; answer: number }
  | { kind: 'patch'; body: object; answer: number }
  | { kind: 'reset' | 'put' | 'silence' }
);

/** What has to happen to see the scenario again: the checks' outcomes, and what people and jobs did. */
export function eventsOf({ heartbeats = [], actions = [], monitor }: Scenario): Event[] {
  const checks = monitor?.type === 'push' ? [] : heartbeats.map(toCheck);
  return [...checks, ...actions.flatMap(toEvent)].sort((a, b) => a.t - b.t);
}

/** Outcomes in letters: u(p), d(own), p(ending), m(aintenance), from `t` on every 20 s. */
export function checksOf(letters: string, t: number): Event[] {
  const statuses: Record<string, Status> = { u: 'up', d: 'down', p: 'pending', m: 'maintenance' };
  return [...letters].map((letter, i) => {
    return { kind: 'check', t: t + 20 * i, status: statuses[letter]!, message: letter };
  });
}

function toCheck({ end_t: t, status, msg }: RecordedBeat): Event {
  // Only retries made http monitors pending.
  const outcome = ({ 1: 'up', 3: 'maintenance' } as const)[status] ?? 'down';
  return { kind: 'check', t, status: outcome, message: msg };
}

function toEvent({ t, did }: { t: number; did: string }): Event[] {
  const [, query, answer] = /^GET \/api\/v1\/push\/<token>(\S*) -> (\d+)/.exec(did) ?? [];
  if (query !== undefined) return [{ kind: 'push', t, query, answer: Number(answer) }];
  const [, flag] = /^PATCH active:(true|false)/.exec(did) ?? [];
  if (flag) return [{ kind: 'patch', t, body: { active: flag === 'true' }, answer: 200 }];
  const [, key, value] = /^PATCH (max_retries|interval):(\d+)/.exec(did) ?? [];
  // The bounds of create hold for PATCH as well.
  if (key)
    return [
      {
        kind: 'patch',
        t,
        body: { [key]: Number(value) },
        answer: key === 'interval' && Number(value) < 20 ? 400 : 200,
      },
    ];
  if (did.includes('POST reset')) return [{ kind: 'reset', t }];
  if (did.startsWith('PUT with the same values')) return [{ kind: 'put', t }];
  if (did.startsWith('channel PUT and PATCH active:false')) return [{ kind: 'silence', t }];
  return []; // what services and targets did shows in the outcomes
}

/** `0INr1d0`: status, important, notified, retries, down count. */
export function notationOf(beat: Omit<RecordedBeat, 't' | 'end_t' | 'msg'>): string {
  const flags = `${beat.important ? 'I' : ''}${beat.notified ? 'N' : ''}`;
  return `${beat.status}${flags}r${beat.retries}d${beat.down_count}`;
}

/** As recorded, but that a first beat that is up notifies nobody. */
export function oursOf({ heartbeats = [] }: Scenario): string[] {
  return heartbeats.map((beat, i) => notationOf(i === 0 && beat.status === 1 ? { ...beat, notified: false } : beat));
}

/** Short forms leave out `r0` and `d0`. */
export function spellOut(beats: string): string[] {
  return beats
    .split(' ')
    .filter((beat) => beat !== '')
    .map((beat) => {
      const [, head, retries = '0', downCount = '0'] = /^(\d[IN]*)(?:r(\d+))?(?:d(\d+))?$/.exec(beat)!;
      return `${head}r${retries}d${downCount}`;
    });
}
