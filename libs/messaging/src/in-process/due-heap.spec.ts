import fc from 'fast-check';
import { DueHeap } from './due-heap';

/** The same promises, kept by sorting. */
class SortedList {
  private entries: { id: string; dueAt: number }[] = [];

  get size(): number {
    return this.entries.length;
  }

  get earliest(): number | undefined {
    return this.entries[0]?.dueAt;
  }

  dueAt(id: string): number | undefined {
    return this.entries.find((entry) => entry.id === id)?.dueAt;
  }

  set(id: string, dueAt: number): void {
    this.delete(id);
    this.entries.push({ id, dueAt });
    this.entries.sort((a, b) => a.dueAt - b.dueAt);
  }

  delete(id: string): void {
    this.entries = this.entries.filter((entry) => entry.id !== id);
  }
}

describe('DueHeap', () => {
  it('is empty at first, and ignores what it does not hold', () => {
    const heap = new DueHeap();

    heap.delete('a');

    expect([heap.size, heap.earliest, heap.peek()]).toEqual([0, undefined, undefined]);
  });

  it('tells the earliest entry, moved either way', () => {
    const heap = new DueHeap();
    heap.set('a', 10);
    heap.set('b', 20);
    expect(heap.peek()).toBe('a');

    heap.set('a', 30);
    expect([heap.peek(), heap.earliest]).toEqual(['b', 20]);

    heap.set('a', 5);
    expect([heap.peek(), heap.earliest, heap.size]).toEqual(['a', 5, 2]);
  });

  it('behaves like a sorted list under any changes', () => {
    const id = fc.nat(30).map(String);
    const change = fc.oneof(
      { weight: 3, arbitrary: fc.record({ id, dueAt: fc.nat(50) }) },
      { weight: 1, arbitrary: fc.record({ id, dueAt: fc.constant(null) }) },
      { weight: 1, arbitrary: fc.record({ id: fc.constant(null), dueAt: fc.constant(null) }) },
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 300 }), (changes) => {
        const [heap, list] = [new DueHeap(), new SortedList()];
        for (const { id: changed, dueAt } of changes) {
          const target = changed ?? heap.peek();
          if (target === undefined) continue;
          for (const one of [heap, list]) {
            if (dueAt === null) one.delete(target);
            else one.set(target, dueAt);
          }
          expect([heap.size, heap.earliest]).toEqual([list.size, list.earliest]);
          if (heap.size > 0) expect(list.dueAt(heap.peek()!)).toBe(heap.earliest);
        }
        while (heap.size > 0) {
          expect(heap.earliest).toBe(list.earliest);
          const next = heap.peek()!;
          heap.delete(next);
          list.delete(next);
        }
        expect(list.size).toBe(0);
      }),
    );
  });
});
