import { Slots } from './slots';

const settled = async (promise: Promise<unknown>) => {
  let done = false;
  void promise.then(() => (done = true));
  await new Promise(setImmediate);
  return done;
};

describe('Slots', () => {
  it('gives out as many as there are, then one for each that comes back', async () => {
    const slots = new Slots(1);
    await expect(slots.take()).resolves.toBe(true);
    const second = slots.take();
    await expect(settled(second)).resolves.toBe(false);

    slots.give();

    await expect(second).resolves.toBe(true);
  });

  it('tells when one is free, and takes none for it', async () => {
    const slots = new Slots(1);
    await slots.available();
    await slots.take();
    const available = slots.available();
    await expect(settled(available)).resolves.toBe(false);

    slots.give();

    await expect(settled(available)).resolves.toBe(true);
    await expect(slots.take()).resolves.toBe(true);
  });

  it('refuses whoever waits when it is closed, and all who come', async () => {
    const slots = new Slots(1);
    await slots.take();
    const [waiting, watching] = [slots.take(), slots.available()];

    slots.close();

    await expect(waiting).resolves.toBe(false);
    await expect(settled(watching)).resolves.toBe(true);
    slots.give();
    await expect(slots.take()).resolves.toBe(false);
  });
});
