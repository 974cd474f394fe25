import type { EventBus } from '@app/core';
import { Arrivals } from './waiting';

export interface EventBusUnderTest {
  bus: EventBus;
  /** Errors that handlers threw. */
  faults: Arrivals<unknown>;
  close(): Promise<void>;
}

/** What every engine promises of `EventBus`. */
export function eventBusContract(engine: string, open: () => Promise<EventBusUnderTest>): void {
  describe(`EventBus on ${engine}`, () => {
    let context: EventBusUnderTest;
    let bus: EventBus;

    beforeEach(async () => {
      context = await open();
      bus = context.bus;
    });

    afterEach(() => context.close());

    it('brings every message to every subscriber of its name', async () => {
      const [one, two, other] = [new Arrivals<unknown>(), new Arrivals<unknown>(), new Arrivals<unknown>()];
      bus.subscribe('monitor.deleted', one.add);
      bus.subscribe('monitor.deleted', two.add);
      bus.subscribe('user.changed', other.add);

      bus.publish('monitor.deleted', { id: 'a' });
      bus.publish('user.changed', { id: 'b' });

      await expect(one.first(1)).resolves.toEqual([{ id: 'a' }]);
      await expect(two.first(1)).resolves.toEqual([{ id: 'a' }]);
      await expect(other.first(1)).resolves.toEqual([{ id: 'b' }]);
      expect([one.all.length, two.all.length]).toEqual([1, 1]);
    });

    it('brings messages in the order in which they were published', async () => {
      const seen = new Arrivals<string>();
      bus.subscribe('monitor.due', ({ id }) => seen.add(`due ${id}`));
      bus.subscribe('monitor.deleted', ({ id }) => seen.add(`deleted ${id}`));
      const expected: string[] = [];

      for (let i = 0; i < 50; i++) {
        bus.publish('monitor.due', { id: `${i}` });
        bus.publish('monitor.deleted', { id: `${i}` });
        expected.push(`due ${i}`, `deleted ${i}`);
      }

      await expect(seen.first(100)).resolves.toEqual(expected);
    });

    it('keeps that order when a handler publishes', async () => {
      const seen = new Arrivals<string>();
      bus.subscribe('monitor.due', ({ id }) => {
        if (id === 'first') bus.publish('monitor.due', { id: 'second' });
      });
      bus.subscribe('monitor.due', ({ id }) => seen.add(id));

      bus.publish('monitor.due', { id: 'first' });

      await expect(seen.first(2)).resolves.toEqual(['first', 'second']);
    });

    it('brings a message with a key to those who listen to all, and to those of that key', async () => {
      const [all, own, others] = [new Arrivals<string>(), new Arrivals<string>(), new Arrivals<string>()];
      bus.subscribe('monitor.due', ({ id }) => all.add(id));
      bus.subscribe('monitor.due', ({ id }) => own.add(id), 'a');
      bus.subscribe('monitor.due', ({ id }) => others.add(id), 'b');

      bus.publish('monitor.due', { id: '1' }, 'a');
      bus.publish('monitor.due', { id: '2' });
      bus.publish('monitor.due', { id: '3' }, 'b');
      bus.publish('monitor.due', { id: '4' }, 'a');

      await expect(all.first(4)).resolves.toEqual(['1', '2', '3', '4']);
      await expect(own.first(2)).resolves.toEqual(['1', '4']);
      await expect(others.first(1)).resolves.toEqual(['3']);
    });

    it('brings nothing more to those who stopped listening', async () => {
      const [left, stays] = [new Arrivals<string>(), new Arrivals<string>()];
      const leave = bus.subscribe('monitor.due', ({ id }) => left.add(id));
      bus.subscribe('monitor.due', ({ id }) => stays.add(id));
      bus.publish('monitor.due', { id: '1' });
      await Promise.all([left.first(1), stays.first(1)]);

      leave();
      leave();
      bus.publish('monitor.due', { id: '2' });

      await stays.first(2);
      expect(left.all).toEqual(['1']);
    });

    it('counts a handler twice that listens twice', async () => {
      const seen = new Arrivals<string>();
      const handler = ({ id }: { id: string }) => seen.add(id);
      const leave = bus.subscribe('monitor.due', handler);
      bus.subscribe('monitor.due', handler);

      bus.publish('monitor.due', { id: '1' });
      await expect(seen.first(2)).resolves.toEqual(['1', '1']);
      leave();
      bus.publish('monitor.due', { id: '2' });

      await expect(seen.first(3)).resolves.toEqual(['1', '1', '2']);
    });

    it('does not bring a message to those who came while it was under way', async () => {
      const seen = new Arrivals<string>();
      const leave = bus.subscribe('monitor.due', () => {
        leave();
        bus.subscribe('monitor.due', ({ id }) => seen.add(id));
      });

      bus.publish('monitor.due', { id: '1' });
      const done = new Arrivals<string>();
      bus.subscribe('monitor.deleted', ({ id }) => done.add(id));
      bus.publish('monitor.deleted', { id: 'x' });
      await done.first(1);
      bus.publish('monitor.due', { id: '2' });

      await expect(seen.first(1)).resolves.toEqual(['2']);
    });

    it.each<[string, () => void]>([
      [
        'throws',
        () => {
          throw new Error('handler broke');
        },
      ],
      // A handler must not return a promise, but types do not stop it.
      ['rejects', () => Promise.reject(new Error('handler broke'))],
    ])('disturbs neither publisher nor other subscribers when a handler %s', async (_, handler) => {
      const seen = new Arrivals<string>();
      bus.subscribe('monitor.due', handler);
      bus.subscribe('monitor.due', ({ id }) => seen.add(id));

      expect(() => bus.publish('monitor.due', { id: '1' })).not.toThrow();

      await expect(seen.first(1)).resolves.toEqual(['1']);
      await expect(context.faults.first(1)).resolves.toMatchObject([{ message: 'handler broke' }]);
    });
  });
}
