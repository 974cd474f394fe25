import type { Clock } from '@app/core';
import { LRUCache } from 'lru-cache';

interface Options<T extends object> {
  clock: Clock;
  /** How long an answer is good for when nobody says otherwise. */
  ttlMs: number;
  /** How many answers, or, with `sizeOf`, how many bytes are kept at most. */
  max: number;
  sizeOf?: (value: T) => number;
}

interface Known<T> {
  value: T;
  freshUntil: number;
}

/**
 * Keeps what strangers may ask for as often as they like, so that how often they do costs no database read. Those who
 * ask at the same time share one look-up.
 */
export class AnswerCache<T extends object> {
  private readonly known: LRUCache<string, Known<T>>;
  private readonly underWay = new Map<string, Promise<T>>();

  constructor(private readonly options: Options<T>) {
    const { max, sizeOf } = options;
    this.known = new LRUCache<string, Known<T>>(
      sizeOf ? { maxSize: max, sizeCalculation: ({ value }) => Math.max(1, sizeOf(value)) } : { max },
    );
  }

  /** What `look` says, now or a moment ago. A failing look-up is not remembered. */
  get(key: string, look: () => Promise<T>): T | Promise<T> {
    const known = this.known.get(key);
    if (known && this.options.clock.now() < known.freshUntil) return known.value;
    return this.underWay.get(key) ?? this.ask(key, look);
  }

  /** What is being looked up at this moment may be old as well: nobody who comes later gets to see it. */
  forget(key: string): void {
    this.known.delete(key);
    this.underWay.delete(key);
  }

  clear(): void {
    this.known.clear();
    this.underWay.clear();
  }

  private ask(key: string, look: () => Promise<T>): Promise<T> {
    const asked = look()
      .then((value) => {
        const freshUntil = this.options.clock.now() + this.options.ttlMs;
        if (this.underWay.get(key) === asked) this.known.set(key, { value, freshUntil });
        return value;
      })
      .finally(() => {
        if (this.underWay.get(key) === asked) this.underWay.delete(key);
      });
    this.underWay.set(key, asked);
    return asked;
  }
}
