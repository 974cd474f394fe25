import { Gatherer } from './gatherer';

function gathering(max: number, waitMs = 0) {
  const sent: number[][] = [];
  const gatherer = new Gatherer<number>({ max, waitMs, flush: (items) => Promise.resolve(void sent.push(items)) });
  return { gatherer, sent };
}

describe('Gatherer', () => {
  it('sends together what comes in one turn of the event loop', async () => {
    const { gatherer, sent } = gathering(10);

    for (const item of [1, 2, 3]) gatherer.add(item);
    await new Promise(setImmediate);
    gatherer.add(4);
    await gatherer.drain();

    expect(sent).toEqual([[1, 2, 3], [4]]);
  });

  it('sends at once when there are enough', () => {
    const { gatherer, sent } = gathering(2, 60_000);

    for (const item of [1, 2, 3, 4]) gatherer.add(item);

    expect(sent).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('drains what waits, and waits for what is under way', async () => {
    let arrived = 0;
    const gatherer = new Gatherer<number>({
      max: 1,
      waitMs: 0,
      flush: () => new Promise<void>((resolve) => setImmediate(resolve)).then(() => void arrived++),
    });
    gatherer.add(1);
    gatherer.add(2);

    await gatherer.drain();

    expect(arrived).toBe(2);
  });
});
