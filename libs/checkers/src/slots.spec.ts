import { setImmediate as everythingElse } from 'node:timers/promises';
import { Slots } from './slots';

const never = new AbortController().signal;

function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe('Slots', () => {
  it('lets so many in at once, and the others in the order in which they came', async () => {
    const slots = new Slots(2);
    const gates = [gate(), gate(), gate(), gate()];
    const entered: number[] = [];
    const runs = gates.map(({ opened }, index) =>
      slots.run(never, async () => {
        entered.push(index);
        await opened;
      }),
    );

    await everythingElse();
    expect(entered).toEqual([0, 1]);
    gates[1]!.open();
    await runs[1];
    await everythingElse();
    expect(entered).toEqual([0, 1, 2]);
    gates.forEach(({ open }) => open());
    await Promise.all(runs);
    expect(entered).toEqual([0, 1, 2, 3]);
  });

  it('gives a slot back when the run fails', async () => {
    const slots = new Slots(1);

    await expect(slots.run(never, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await expect(slots.run(never, () => Promise.resolve('next'))).resolves.toBe('next');
  });

  it('lets those who gave up waiting leave the line', async () => {
    const slots = new Slots(1);
    const { open, opened } = gate();
    const first = slots.run(never, () => opened);
    const impatient = new AbortController();
    const second = slots.run(impatient.signal, () => Promise.resolve('second'));
    const third = slots.run(never, () => Promise.resolve('third'));

    impatient.abort();
    await expect(second).rejects.toThrow('aborted');
    open();

    await first;
    await expect(third).resolves.toBe('third');
  });
});
