import { EventBus } from '@app/core';
import type { EventName, Events } from '@app/core';
import type { FaultReporter } from './in-process.check-queue';

type Handler = (payload: never) => void;

/** Calls the subscribers in turn, inside `publish`; a handler that throws is reported and disturbs nobody. */
export class InProcessEventBus extends EventBus {
  private readonly handlers = new Map<string, Set<Handler>>();

  constructor(private readonly report: FaultReporter) {
    super();
  }

  override publish<K extends EventName>(name: K, payload: Events[K], key?: string): void {
    this.emit(name, name, payload);
    if (key !== undefined) this.emit(`${name}\n${key}`, name, payload);
  }

  override subscribe<K extends EventName>(name: K, handler: (payload: Events[K]) => void, key?: string): () => void {
    const topic = key === undefined ? name : `${name}\n${key}`;
    // One wrapper per subscription, so that the same function may listen twice.
    const own: Handler = (payload) => handler(payload);
    let handlers = this.handlers.get(topic);
    if (!handlers) this.handlers.set(topic, (handlers = new Set()));
    handlers.add(own);
    return () => {
      handlers.delete(own);
      if (handlers.size === 0 && this.handlers.get(topic) === handlers) this.handlers.delete(topic);
    };
  }

  private emit(topic: string, name: EventName, payload: unknown): void {
    for (const handler of this.handlers.get(topic) ?? []) {
      try {
        handler(payload as never);
      } catch (error) {
        this.report(error, `handling the event ${name}`);
      }
    }
  }
}
