import { EventBus, Schedule, Store } from '@app/core';
import { Monitor, MonitorsRepository } from '@app/modules/monitors';
import type { SuiteApi } from './api';
import { eventually } from './eventually';
import { monitorBody } from './monitors';

export interface Beat {
  status: number;
  msg: string;
  ping: number;
  retries: number;
  important: boolean;
  notified: boolean;
  time: string;
}

/** Settings of an HTTP check of this address. */
export function httpConfig(url: string, values: object = {}): string {
  const fixed = { method: 'GET', encoding: 'json', accepted_statuscodes: ['2XX'], authMethod: 'none' };
  return JSON.stringify({ url, ...fixed, ...values });
}

/** A monitor whose checks a test sees and hastens. */
export class Watched {
  private constructor(
    private readonly api: SuiteApi,
    readonly id: string,
  ) {}

  /** Active, checked once an hour unless told otherwise. */
  static async create(api: SuiteApi, values: Record<string, unknown>): Promise<Watched> {
    const body = monitorBody({ active: true, interval: 3600, max_retries: 0, ...values });
    const answer = await api.post('/monitors', body);
    if (answer.status !== 201) throw new Error(`creating answered ${JSON.stringify(answer.body)}`);
    return new Watched(api, answer.body.data.id as string);
  }

  /** Times that the API would refuse, in s: it takes no interval below 20. */
  async hasten(times: { interval?: number; retryInterval?: number; timeout?: number }): Promise<void> {
    await this.api.app.get(Store).collection(Monitor).update({ id: this.id }, times);
    const monitor = (await this.api.app.get(MonitorsRepository).findById(this.id))!;
    this.api.app.get(EventBus).publish('monitor.updated', { id: this.id, name: monitor.name, status: 'up' }, this.id);
  }

  /** Oldest first. */
  async beats(): Promise<Beat[]> {
    return (await this.api.get(`/monitors/${this.id}/heartbeats?limit=1000&reverse=true`)).body.data as Beat[];
  }

  /** Waits for so many beats. */
  async seen(count: number, withinMs?: number): Promise<Beat[]> {
    const enough = (beats: Beat[]) => beats.length >= count;
    return eventually(`${count} beats of the monitor`, () => this.beats(), enough, withinMs);
  }

  /** Makes it due now. */
  poke(): Promise<void> {
    return this.api.app.get(Schedule).reschedule(this.id, Date.now());
  }

  /** Has it checked now. @returns the beat of that check */
  async tick(): Promise<Beat> {
    const before = (await this.beats()).length;
    await this.poke();
    return (await this.seen(before + 1)).at(-1)!;
  }

  async status(): Promise<number> {
    return (await this.api.get(`/monitors/${this.id}`)).body.data.status as number;
  }
}
