import { CheckQueue, SECOND } from '@app/core';
import type { CheckJob, Consumer, Lease, RunCheck } from '@app/core';
import type { Job, Queue, Worker } from 'bullmq';
import { DelayedError, WaitingError } from 'bullmq';
import type { FaultReporter } from '../fault-reporter';
import type { CheckLeases, Place } from './check-leases';
import { Gatherer } from './gatherer';
import { Slots } from './slots';
import { batchId, countIn } from './batch-id';
import { reaching } from './redis-errors';
import type { SealedPayload } from './sealed-payload';

/** Version of what is in the queue. A worker reads this one and older ones; newer ones it leaves to newer workers. */
export const CHECKS_VERSION = 1;
/** Checks that travel together: enough to make the queue cheap, few enough to spread over the workers. */
const BATCH = 16;
/** A job older than this many intervals is not run any more, so its monitor's place is free by then. */
const STALE_INTERVALS = 1.5;
/** A batch of a newer version is looked at again after this. */
const NEWER_RETRY_MS = SECOND;
/** How often a batch that had a fault of ours is tried. */
const ATTEMPTS = 3;

interface Offer {
  job: CheckJob;
  resolve: (taken: boolean) => void;
  reject: (error: unknown) => void;
}

/** A batch as it is in Redis. */
export interface SealedChecks {
  version: number;
  /** {@link Checks}, sealed. */
  checks: string;
}

type Checks = { job: CheckJob; token: string }[];

/**
 * Checks in small batches through BullMQ. A batch is done for BullMQ when its checks have begun; from then on their
 * leases say who runs them, so that the next tick of a monitor never waits for a worker that is gone.
 */
export class RedisCheckQueue extends CheckQueue {
  private readonly offers: Gatherer<Offer>;
  private consumer: { slots: Slots; run: RunCheck; running: Set<Promise<void>> } | null = null;

  constructor(
    private readonly queue: Queue<SealedChecks>,
    private readonly leases: CheckLeases,
    private readonly payload: SealedPayload,
    private readonly report: FaultReporter,
    /** The worker that calls {@link process}; absent where nothing is consumed. */
    private readonly worker: () => Worker | undefined,
  ) {
    super();
    this.offers = new Gatherer({ max: BATCH, waitMs: 0, flush: (offers) => this.send(offers) });
  }

  override offer(job: CheckJob): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.offers.add({ job, resolve, reject });
    });
  }

  override consume(concurrency: number, run: RunCheck): Consumer {
    const worker = this.worker();
    if (!worker) throw new Error('this process was not set up to consume checks');
    const consumer = { slots: new Slots(concurrency), run, running: new Set<Promise<void>>() };
    this.consumer = consumer;
    worker.resume().catch((error: unknown) => this.report(error, 'taking checks from the queue'));
    let stopped: Promise<void> | null = null;
    return { stop: () => (stopped ??= this.stop(worker, consumer)) };
  }

  override async depth(): Promise<number> {
    const ids = await reaching(() => this.queue.getRanges(['wait', 'active', 'delayed'], 0, -1));
    return ids.reduce((sum, id) => sum + countIn(id), 0);
  }

  /** What the BullMQ worker does with a batch. */
  async process(batch: Job<SealedChecks>, token: string | undefined): Promise<void> {
    const { consumer } = this;
    if (!consumer) return giveBack(batch, token);
    const { version, checks: sealed } = batch.data;
    if (version > CHECKS_VERSION) return this.leaveToNewer(batch, token);

    const checks = this.payload.open(sealed) as Checks;
    const leases = await this.leases.begin(checks.map(placeOf));
    const rest: Checks = [];
    for (const [i, { job }] of checks.entries()) {
      const lease = leases[i];
      if (!lease) continue; // its place has passed to a later tick, or to another worker
      if (await consumer.slots.take()) this.run(consumer, job, lease);
      else rest.push({ job, token: this.leases.abandon(lease) });
    }
    await this.add(rest); // this process stops: somebody else may run them
    // The next batch is not taken before there is room: another worker may have some now.
    await consumer.slots.available();
  }

  private async stop(worker: Worker, consumer: NonNullable<typeof this.consumer>): Promise<void> {
    consumer.slots.close();
    await worker.pause();
    await Promise.all(consumer.running);
    await this.leases.drain();
  }

  private run({ slots, run, running }: NonNullable<typeof this.consumer>, job: CheckJob, lease: Lease): void {
    const ended = runSafely(job, lease, run, this.report).then(() => {
      this.leases.release(lease);
      slots.give();
      running.delete(ended);
    });
    running.add(ended);
  }

  private async send(offers: Offer[]): Promise<void> {
    const places = offers.map(({ job }) => ({ ...this.leases.newPlace(job.monitorId), waitMs: waitOf(job) }));
    try {
      await reaching(async () => {
        const reserved = await this.leases.reserve(places);
        const taken = offers.map((offer, i) => ({ ...offer, token: places[i]!.token })).filter((_, i) => reserved[i]);
        await this.add(taken.map(({ job, token }) => ({ job, token })));
        offers.forEach(({ resolve }, i) => resolve(reserved[i]!));
      });
    } catch (error) {
      await this.leases.free(places).catch(() => undefined); // otherwise they end by themselves
      for (const { reject } of offers) reject(error);
    }
  }

  private async add(checks: Checks): Promise<void> {
    if (checks.length === 0) return;
    const data = { version: CHECKS_VERSION, checks: this.payload.seal(checks) };
    await this.queue.add('checks', data, { jobId: batchId(checks.length), attempts: ATTEMPTS });
  }

  private async leaveToNewer(batch: Job<SealedChecks>, token: string | undefined): Promise<void> {
    this.report(new Error(`batch of version ${batch.data.version}`), 'left to a newer worker');
    await batch.moveToDelayed(Date.now() + NEWER_RETRY_MS, token);
    throw new DelayedError();
  }
}

async function runSafely(job: CheckJob, lease: Lease, run: RunCheck, report: FaultReporter): Promise<void> {
  try {
    await run(job, lease);
  } catch (error) {
    report(error, `check of monitor ${job.monitorId}`);
  }
}

/** @throws WaitingError, which tells BullMQ that the job is in the queue again. */
async function giveBack(batch: Job, token: string | undefined): Promise<never> {
  await batch.moveToWait(token);
  throw new WaitingError();
}

function placeOf({ job, token }: Checks[number]): Place {
  return { monitorId: job.monitorId, token };
}

/** How long a check may wait for a worker, ms. */
function waitOf({ rules }: CheckJob): number {
  return STALE_INTERVALS * rules.intervalSeconds * SECOND;
}
