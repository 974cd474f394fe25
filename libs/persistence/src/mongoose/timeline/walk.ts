import { advance, cutMessage, heartbeatId, statusNumber } from '@app/core';
import type { Applied, CheckResult, DeliveryKind, Heartbeat, MonitorState } from '@app/core';
import { seeCertificate } from './certificate-record';
import { beatKey } from './documents';
import type { BeatDocument, CertificateRecord, StateDocument } from './documents';

/** A result with its place in the batch, and its certificate as JSON: what cannot be stored fails before anything is. */
export interface Submitted {
  index: number;
  result: CheckResult;
  certificateText: string | null;
}

/** Something that the channels have to be told. */
export interface Announced {
  kind: DeliveryKind;
  source: string;
  text: string;
  heartbeat: string | null;
}

export interface Step {
  index: number;
  beat: BeatDocument;
  applied: Omit<Applied, 'announced'>;
  announced: Announced[];
}

export interface Walk {
  steps: Step[];
  state: MonitorState;
  certificate: CertificateRecord | undefined;
}

export interface MonitorRow {
  id: string;
  name: string;
}

/**
 * What results make of a monitor's state: nothing is written. `stored` are the ids of beats that are there already,
 * as far as they are not newer than the state.
 */
export function walk(
  from: StateDocument,
  monitor: MonitorRow,
  results: readonly Submitted[],
  stored: ReadonlySet<string>,
  now: number,
): Walk {
  const steps: Step[] = [];
  const taken = new Set<string>();
  let state: MonitorState = from;
  let { certificate } = from;
  for (const { index, result, certificateText } of results) {
    const id = beatKey(from.key, result.startedAt, result.nonce);
    const transition = advance(state, result);
    if (!transition.beat || stored.has(id) || taken.has(id)) continue;
    taken.add(id);

    const previousStatus = state.status;
    state = transition.state;
    const notified = transition.announce !== null;
    const { beat, heartbeat } = storedBeat(from.key, result, transition.beat, notified);
    const announced: Announced[] = [];
    if (transition.announce) {
      const { message } = heartbeat;
      const text = JSON.stringify(heartbeat);
      announced.push({ kind: transition.announce, source: heartbeat.id, text: message, heartbeat: text });
    }
    // A late result saw an older certificate.
    if (certificateText !== null && result.startedAt === state.time) {
      const seen = seeCertificate(certificate, monitor, result.certificate!, certificateText, now);
      certificate = seen.record;
      if (seen.notice) announced.push({ ...seen.notice, heartbeat: null });
    }
    steps.push({ index, beat, applied: { heartbeat, previousStatus, retry: transition.retry }, announced });
  }
  return { steps, state, certificate };
}

function storedBeat(
  key: number,
  result: CheckResult,
  { status, message: full, retries, downCount, important }: NonNullable<ReturnType<typeof advance>['beat']>,
  notified: boolean,
): { beat: BeatDocument; heartbeat: Heartbeat } {
  const { monitorId, startedAt, endedAt, latencyMs, nonce } = result;
  const _id = beatKey(key, startedAt, nonce);
  const message = cutMessage(full);
  const beat: BeatDocument = {
    _id,
    status: statusNumber(status),
    message,
    latency: latencyMs,
    duration: endedAt - startedAt,
    ...(retries > 0 && { retries }),
    ...(downCount > 0 && { downCount }),
    ...(important && { important: _id }),
    ...(notified && { notified }),
  };
  const heartbeat: Heartbeat = {
    id: heartbeatId({ monitorKey: key, timeMs: startedAt, nonce }),
    monitorId,
    status,
    message,
    latencyMs,
    downCount,
    retries,
    important,
    notified,
    time: startedAt,
    endTime: endedAt,
  };
  return { beat, heartbeat };
}
