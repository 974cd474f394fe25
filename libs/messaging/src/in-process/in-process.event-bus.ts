import { EventBus } from '@app/core';
import type { EventName, Events } from '@app/core';
import type { FaultReporter } from '../fault-reporter';

interface Subscription {
  handle: (payload: never) => unknown;
  active: boolean;
}

interface Message {
  name: EventName;
  payload: unknown;
  to: Subscription[];
}

/**
 * Calls the subscribers in turn, inside `publish`; a handler that throws is reported and disturbs nobody. What a
 * handler publishes comes after the message that it handles, so that every subscriber sees the same order.
 */
export class InProcessEventBus extends EventBus {
  private readonly subscriptions = new Map<string, Set<Subscription>>();
  private readonly messages: Message[] = [];
  private delivering = false;

  constructor(private readonly report: FaultReporter) {
    super();
  }

  override publish<K extends EventName>(name: K, payload: Events[K], key?: string): void {
    // Who listens now gets it; who comes while it is under way does not.
    const to = [...(this.subscriptions.get(name) ?? [])];
    if (key !== undefined) to.push(...(this.subscriptions.get(topicOf(name, key)) ?? []));
    if (to.length === 0) return;
    this.messages.push({ name, payload, to });
    if (!this.delivering) this.deliver();
  }

  override subscribe<K extends EventName>(name: K, handler: (payload: Events[K]) => void, key?: string): () => void {
    const topic = topicOf(name, key);
    const subscription: Subscription = { handle: handler, active: true };
    let subscriptions = this.subscriptions.get(topic);
    if (!subscriptions) this.subscriptions.set(topic, (subscriptions = new Set()));
    subscriptions.add(subscription);
    return () => {
      subscription.active = false;
      subscriptions.delete(subscription);
      if (subscriptions.size === 0 && this.subscriptions.get(topic) === subscriptions) this.subscriptions.delete(topic);
    };
  }

  private deliver(): void {
    this.delivering = true;
    try {
      for (let message = this.messages.shift(); message; message = this.messages.shift()) {
        for (const subscription of message.to) if (subscription.active) this.handOver(message, subscription);
      }
    } finally {
      this.delivering = false;
    }
  }

  private handOver({ name, payload }: Message, { handle }: Subscription): void {
    const fail = (error: unknown) => this.report(error, `handling the event ${name}`);
    try {
      const outcome = handle(payload as never);
      if (outcome instanceof Promise) outcome.catch(fail);
    } catch (error) {
      fail(error);
    }
  }
}

function topicOf(name: EventName, key: string | undefined): string {
  return key === undefined ? name : `${name}\n${key}`;
}
