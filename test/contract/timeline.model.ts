import { NEW_STATE, PERIODS, PERIOD_MS, advance, bucketStart, planWindow, statusNumber, tally } from '@app/core';
import type { Bucket, CheckResult, Counts, Heartbeat, MonitorState, Period } from '@app/core';
import { WINDOWS } from './timeline.world';

type Beat = Omit<Heartbeat, 'id'>;

interface StoredBeat {
  nonce: number;
  beat: Beat;
}

/** What a timeline has to do, in plain maps: the rules are `advance()`, the rest is bookkeeping. */
export class MonitorModel {
  private state: MonitorState = NEW_STATE;
  private readonly stored = new Map<string, StoredBeat>();
  private readonly deliveries: { channelId: string; kind: string; text: string; beatTime: number }[] = [];

  constructor(
    private status: number,
    private readonly activeChannels: readonly string[],
  ) {}

  /** @returns the beat it stored, or null. */
  apply(result: CheckResult): { heartbeat: Beat; previousStatus: MonitorState['status']; retry: boolean } | null {
    const { state, beat, announce, retry } = advance(this.state, result);
    const key = `${result.startedAt} ${result.nonce}`;
    if (!beat || this.stored.has(key)) return null;

    const heartbeat: Beat = {
      monitorId: result.monitorId,
      ...beat,
      latencyMs: result.latencyMs,
      notified: announce !== null,
      time: result.startedAt,
      endTime: result.endedAt,
    };
    const previousStatus = this.state.status;
    this.stored.set(key, { nonce: result.nonce, beat: heartbeat });
    this.state = state;
    this.status = statusNumber(state.status!);
    for (const channelId of announce ? this.activeChannels : []) {
      this.deliveries.push({ channelId, kind: announce!, text: beat.message, beatTime: heartbeat.time });
    }
    return { heartbeat, previousStatus, retry };
  }

  history(now: number) {
    const newestFirst = [...this.stored.values()].sort((a, b) => b.beat.time - a.beat.time || b.nonce - a.nonce);
    const beats = newestFirst.map(({ beat }) => beat);
    return {
      state: this.state.time === null ? null : this.state,
      beats,
      series: {
        minute: buckets(beats, 'minute'),
        hour: buckets(beats, 'hour'),
        day: buckets(beats, 'day'),
      },
      uptime: WINDOWS.map((windowMs) => uptime(beats, windowMs, now)),
      status: this.status,
      deliveries: this.deliveries,
    };
  }
}

function buckets(beats: readonly Beat[], period: Period): Bucket[] {
  const starts = [...new Set(beats.map(({ time }) => bucketStart(time, period)))].sort((a, b) => a - b);
  return starts.map((start) => {
    const inside = beats.filter(({ time }) => bucketStart(time, period) === start);
    const latencies = inside.filter(({ status }) => status === 'up').map(({ latencyMs }) => latencyMs);
    return {
      start,
      ...count(inside),
      maintenance: inside.filter(({ status }) => status === 'maintenance').length,
      latencySum: latencies.reduce((sum, latency) => sum + latency, 0),
      latencyMin: latencies.length > 0 ? Math.min(...latencies) : null,
      latencyMax: latencies.length > 0 ? Math.max(...latencies) : null,
    };
  });
}

/** Beat by beat: from the first whole bucket of the finer period inside the window on. */
function uptime(beats: readonly Beat[], windowMs: number, now: number): Counts {
  const { edge } = planWindow(now, windowMs);
  const end = Math.max(...PERIODS.map((period) => bucketStart(now, period) + PERIOD_MS[period]));
  return count(beats.filter(({ time }) => time >= edge.from && time < end));
}

function count(beats: readonly Beat[]): Counts {
  const tallies = beats.map(({ status }) => tally(status));
  return {
    up: tallies.reduce((sum, { up }) => sum + up, 0),
    down: tallies.reduce((sum, { down }) => sum + down, 0),
  };
}
