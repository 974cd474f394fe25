import { Clock, EventBus, SECOND, messageOf } from '@app/core';
import type { Delivery } from '@app/core';
import { MonitorsRepository } from '@app/modules/monitors';
import { NotificationChannelsRepository } from '@app/modules/notification-channels';
import { DeliveryError, deliver, parseChannelConfig } from '@app/notifiers';
import { Outbound } from '@app/outbound';
import { Config } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import { DeliveriesRepository } from './deliveries.repository';
import { toMessage } from './message';
import { GIVE_UP_AFTER_MS, retryPause } from './retry-policy';
import { Wakeup } from './wakeup';

/** Deliveries in hand at once. */
const PARALLEL = 16;
/** Longer than a send may take; when this process dies, its deliveries are due again after it. */
const IN_HAND_MS = 60 * SECOND;
/** However quiet it is, the outbox is looked at this often. */
const LONGEST_SLEEP_MS = 60 * SECOND;
const STOP_GRACE_MS = 3 * SECOND;
const PAUSE_AFTER_FAULT_MS = 5 * SECOND;

/** Empties the outbox: what a transaction wrote there is sent, once the receiver takes it. */
@Injectable()
export class NotifierService {
  private readonly logger = new Logger('Notifier');
  private readonly stopping = new AbortController();
  private readonly wakeup = new Wakeup();
  private readonly inHand = new Map<string, Promise<void>>();
  private unsubscribe: () => void = () => undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly channels: NotificationChannelsRepository,
    private readonly monitors: MonitorsRepository,
    private readonly outbound: Outbound,
    private readonly bus: EventBus,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  start(): void {
    this.unsubscribe = this.bus.subscribe('deliveries.waiting', () => this.wakeup.now());
    this.running = this.run();
  }

  /** What is being sent may finish; after a moment it is cut, and sent again by the next start. */
  async stop(): Promise<void> {
    this.unsubscribe();
    const timer = setTimeout(() => this.stopping.abort(), STOP_GRACE_MS);
    this.wakeup.stop();
    await this.running;
    await Promise.allSettled(this.inHand.values());
    clearTimeout(timer);
  }

  private async run(): Promise<void> {
    while (!this.wakeup.stopped) {
      let sleepMs = PAUSE_AFTER_FAULT_MS;
      try {
        await this.sendDue();
        sleepMs = await this.untilNext();
      } catch (error) {
        this.logger.error({ err: error }, 'The outbox cannot be read; trying again');
      }
      await this.wakeup.sleep(sleepMs);
    }
  }

  private async untilNext(): Promise<number> {
    if (this.inHand.size >= PARALLEL) return LONGEST_SLEEP_MS; // the next one that ends wakes us
    const next = await this.deliveries.nextDueAt();
    return next ? Math.min(Math.max(next.getTime() - this.clock.now(), 0), LONGEST_SLEEP_MS) : LONGEST_SLEEP_MS;
  }

  private async sendDue(): Promise<void> {
    const free = PARALLEL - this.inHand.size;
    if (free <= 0) return;
    for (const delivery of await this.deliveries.findDue(new Date(this.clock.now()), free)) {
      const until = new Date(this.clock.now() + IN_HAND_MS);
      // Due again although it is being sent: the clock jumped, as on a machine that slept.
      if (this.inHand.has(delivery.id)) {
        await this.deliveries.postpone(delivery.id, until);
        continue;
      }
      const first = await this.deliveries.findFirstWaiting(delivery);
      if (first && first.id !== delivery.id) {
        await this.deliveries.postpone(delivery.id, first.dueAt > delivery.dueAt ? first.dueAt : until);
        continue;
      }
      if (!(await this.deliveries.take(delivery, until))) continue;
      const sending = this.send({ ...delivery, attempts: delivery.attempts + 1 }).finally(() => {
        this.inHand.delete(delivery.id);
        this.wakeup.now();
      });
      this.inHand.set(delivery.id, sending);
    }
  }

  private async send(delivery: Delivery): Promise<void> {
    const { id, monitorId, channelId, kind, attempts } = delivery;
    try {
      const outcome = await this.trySend(delivery);
      await this.deliveries.finish(delivery, outcome, new Date(this.clock.now()));
      this.logger.log({ deliveryId: id, monitorId, channelId, kind, attempts }, `Notification ${outcome}`);
    } catch (error) {
      if (this.stopping.signal.aborted) return; // due again when its time in hand is over
      await this.failed(delivery, error).catch((reason: unknown) => {
        this.logger.error({ err: reason, deliveryId: id }, 'The outcome of a delivery could not be written');
      });
    }
  }

  private async trySend(delivery: Delivery): Promise<'delivered' | 'dropped'> {
    const [channel, monitor] = await Promise.all([
      this.channels.findById(delivery.channelId),
      this.monitors.findById(delivery.monitorId),
    ]);
    if (!channel?.active || !monitor) return 'dropped';
    await deliver(parseChannelConfig(channel.type, channel.config), toMessage(delivery, monitor), {
      outbound: this.outbound,
      signal: this.stopping.signal,
      clientUrl: this.config.clientUrl,
      version: this.config.env.API_VERSION,
      warn: (text) => this.logger.warn({ channelId: channel.id, deliveryId: delivery.id }, text),
    });
    return 'delivered';
  }

  private async failed(delivery: Delivery, error: unknown): Promise<void> {
    const now = this.clock.now();
    const { retryable, retryAfterSeconds } = outlook(error);
    const reason = messageOf(error).slice(0, 1000);
    const dueAt = now + retryPause(delivery.attempts, retryAfterSeconds);
    const givenUp = !retryable || dueAt - delivery.createdAt.getTime() > GIVE_UP_AFTER_MS;
    const { id, channelId, attempts } = delivery;
    this.logger.warn({ deliveryId: id, channelId, attempts, reason, givenUp }, 'Notification not delivered');
    if (givenUp) await this.deliveries.finish(delivery, 'dead', new Date(now), reason);
    else await this.deliveries.postpone(id, new Date(dueAt), reason);
  }
}

/** What is not the provider's refusal (the database, a bug) may pass: the message stays in the outbox. */
function outlook(error: unknown): { retryable: boolean; retryAfterSeconds?: number } {
  return error instanceof DeliveryError ? error : { retryable: true };
}
