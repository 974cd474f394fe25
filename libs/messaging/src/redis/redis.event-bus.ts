import { EventBus } from '@app/core';
import type { EventName, Events } from '@app/core';
import type { FaultReporter } from '../fault-reporter';
import type { RedisClient } from './redis-script';

interface Subscription {
  handle: (payload: never) => unknown;
  active: boolean;
}

/**
 * Redis pub/sub: one channel per event, and one per event and key. Only channels that somebody here listens to are
 * subscribed. Everything goes through Redis, also from this process to itself, so that the order is one.
 * https://redis.io/docs/latest/develop/pubsub/
 */
export class RedisEventBus extends EventBus {
  private readonly subscriptions = new Map<string, Set<Subscription>>();
  /** Subscriptions that Redis does not know of yet. */
  private subscribing = 0;
  /** What was published meanwhile. */
  private held: (() => void)[] = [];

  /** `subscriber` is a connection of its own: Redis lets it do nothing else. */
  constructor(
    private readonly publisher: RedisClient,
    private readonly subscriber: RedisClient,
    private readonly prefix: string,
    private readonly report: FaultReporter,
  ) {
    super();
    subscriber.on('message', (channel: string, text: string) => this.receive(channel, text));
    let connected = subscriber.status === 'ready';
    subscriber.on('ready', () => {
      // Redis keeps no message for those who are away.
      if (connected) this.deliver(this.channelOf('messages.lost'), {});
      connected = true;
    });
  }

  override publish<K extends EventName>(name: K, payload: Events[K], key?: string): void {
    const text = JSON.stringify(payload);
    // What was subscribed before is to hear it: the two connections know nothing of each other.
    if (this.subscribing > 0) this.held.push(() => this.send(name, text, key));
    else this.send(name, text, key);
  }

  override subscribe<K extends EventName>(name: K, handler: (payload: Events[K]) => void, key?: string): () => void {
    const channel = this.channelOf(name, key);
    const subscription: Subscription = { handle: handler, active: true };
    const others = this.subscriptions.get(channel);
    if (others) others.add(subscription);
    else {
      this.subscriptions.set(channel, new Set([subscription]));
      this.change(this.subscriber.subscribe(channel), `listening to ${name}`);
    }
    return () => this.leave(channel, subscription);
  }

  private leave(channel: string, subscription: Subscription): void {
    subscription.active = false;
    const subscriptions = this.subscriptions.get(channel);
    if (!subscriptions?.delete(subscription) || subscriptions.size > 0) return;
    this.subscriptions.delete(channel);
    this.change(this.subscriber.unsubscribe(channel), 'no longer listening');
  }

  private change(asked: Promise<unknown>, what: string): void {
    this.subscribing++;
    void asked
      .catch((error: unknown) => this.report(error, what))
      .finally(() => {
        this.subscribing--;
        if (this.subscribing === 0) for (const send of this.held.splice(0)) send();
      });
  }

  private send(name: EventName, text: string, key: string | undefined): void {
    const channels = [this.channelOf(name)];
    if (key !== undefined) channels.push(this.channelOf(name, key));
    for (const channel of channels) {
      this.publisher.publish(channel, text).catch((error: unknown) => this.report(error, `publishing ${name}`));
    }
  }

  private receive(channel: string, text: string): void {
    try {
      this.deliver(channel, JSON.parse(text));
    } catch (error) {
      this.report(error, 'reading a message of the event bus');
    }
  }

  private deliver(channel: string, payload: unknown): void {
    for (const subscription of [...(this.subscriptions.get(channel) ?? [])]) {
      if (subscription.active) this.handOver(subscription, payload, channel);
    }
  }

  private handOver({ handle }: Subscription, payload: unknown, channel: string): void {
    const fail = (error: unknown) => this.report(error, `handling a message of ${channel}`);
    try {
      const outcome = handle(payload as never);
      if (outcome instanceof Promise) outcome.catch(fail);
    } catch (error) {
      fail(error);
    }
  }

  private channelOf(name: EventName, key?: string): string {
    return key === undefined ? `${this.prefix}:bus:${name}` : `${this.prefix}:bus:${name}:${key}`;
  }
}
