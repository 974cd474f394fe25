import type { CheckResult } from './result';
import type { Status } from './status';
import { MINUTE, SECOND } from '../clock';

/** What the channels of a monitor were last told. */
export type Announcement = 'down' | 'up';

/** What has to be remembered of a monitor between two beats. */
export interface MonitorState {
  /** Status and moment of the newest beat; null before the first and after a reset. */
  status: Status | null;
  time: number | null;
  /** Failing checks in a row. */
  retries: number;
  /** Down beats since the last notification. */
  downCount: number;
  /** Survives resets, pauses and maintenance: an outage that was announced is always closed. */
  announced: Announcement | null;
  lastPushAt: number | null;
  /** Newest beat of a maintenance window; gives push monitors their grace afterwards. */
  lastMaintenanceAt: number | null;
}

export const NEW_STATE: Readonly<MonitorState> = Object.freeze({
  status: null,
  time: null,
  retries: 0,
  downCount: 0,
  announced: null,
  lastPushAt: null,
  lastMaintenanceAt: null,
});

export interface Beat {
  status: Status;
  message: string;
  retries: number;
  downCount: number;
  important: boolean;
}

export interface Transition {
  state: MonitorState;
  /** Null when nothing is to be stored: a push came in time. */
  beat: Beat | null;
  /** What the channels have to be told now. */
  announce: Announcement | null;
  /** The beat is pending because of a failure: the next check comes after the retry interval. */
  retry: boolean;
}

/** `important` by the status before and after; everything else is unimportant. */
const IMPORTANT = new Set(['up>down', 'down>up', 'pending>down', 'pending>up']);

/** The state machine of a monitor: a pure function, so that every engine gives the same beats. */
export function advance(state: MonitorState, result: CheckResult): Transition {
  const verdict = result.kind === 'missed-push' ? missedPush(state, result) : result;
  if (!verdict) return { state, beat: null, announce: null, retry: false };

  if (state.time !== null && result.startedAt < state.time) return late(state, result, verdict);

  const failed = verdict.status === 'down';
  const retriesLeft = state.status !== 'down' && state.retries < result.rules.maxRetries;
  const status = failed && retriesLeft ? 'pending' : verdict.status;
  const important = state.status === null || IMPORTANT.has(`${state.status}>${status}`);
  const { announce, downCount } = announcement(state, status, important, result.rules.resendInterval);
  const retries = failed ? state.retries + 1 : 0;

  return {
    beat: { status, message: verdict.message, retries, downCount, important },
    announce,
    retry: failed && status === 'pending',
    state: {
      status,
      time: result.startedAt,
      retries,
      downCount,
      announced: announce ?? state.announced,
      lastPushAt: lastPush(state, result),
      lastMaintenanceAt: status === 'maintenance' ? result.startedAt : state.lastMaintenanceAt,
    },
  };
}

/** What to tell the channels follows from what they were told last, so nothing in between can swallow an outage. */
function announcement(
  state: MonitorState,
  status: Status,
  important: boolean,
  resendInterval: number,
): { announce: Announcement | null; downCount: number } {
  if (status === 'down' && state.announced !== 'down') return { announce: 'down', downCount: 0 };
  if (status === 'up' && state.announced === 'down') return { announce: 'up', downCount: 0 };
  if (important) return { announce: null, downCount: 0 };
  if (status !== 'down' || resendInterval === 0) return { announce: null, downCount: state.downCount };
  const downCount = state.downCount + 1;
  return downCount >= resendInterval ? { announce: 'down', downCount: 0 } : { announce: null, downCount };
}

/** A result older than the newest beat is history: kept, but it changes neither the state nor anybody's mind. */
function late(state: MonitorState, result: CheckResult, verdict: { status: Status; message: string }): Transition {
  return {
    state: { ...state, lastPushAt: lastPush(state, result) },
    beat: { status: verdict.status, message: verdict.message, retries: 0, downCount: 0, important: false },
    announce: null,
    retry: false,
  };
}

function lastPush(state: MonitorState, result: CheckResult): number | null {
  return result.kind === 'push' ? Math.max(state.lastPushAt ?? 0, result.startedAt) : state.lastPushAt;
}

/** How late a push may be before it is missed: a tenth of the interval, between one second and one minute. */
function tolerance(intervalMs: number): number {
  return Math.min(Math.max(intervalMs / 10, SECOND), MINUTE);
}

/** @returns null while a push is not overdue. */
function missedPush(state: MonitorState, result: CheckResult): { status: Status; message: string } | null {
  const intervalMs = result.rules.intervalSeconds * SECOND;
  const since = Math.max(state.lastPushAt ?? 0, state.lastMaintenanceAt ?? 0, result.graceFrom ?? 0);
  if (result.startedAt - since <= intervalMs + tolerance(intervalMs)) return null;
  return { status: 'down', message: state.lastPushAt === null ? 'No push received yet' : 'No push received in time' };
}
