import { TurnSize } from './turn-size';

describe('TurnSize', () => {
  const after = (...turns: [ms: number, share: number][]) => {
    const size = new TurnSize();
    for (const [ms, share] of turns) size.took(ms, size.rows * share);
    return size.rows;
  };

  it.each<[string, [number, number][], number]>([
    ['stays when a turn takes what it should', [[15, 1]], 500],
    ['shrinks with a turn that takes too long', [[30, 1]], 250],
    ['shrinks even when that turn deleted little', [[30, 0.1]], 250],
    ['does not collapse with one turn that stood still', [[5000, 1]], 125],
    ['grows with a turn that is faster', [[1, 1]], 750],
    ['does not grow with one that found little', [[1, 0.1]], 500],
    ['is never too small to get on', Array.from({ length: 20 }, () => [1000, 1]), 50],
    ['is never large', Array.from({ length: 50 }, () => [0.01, 1]), 5000],
  ])('%s', (_, turns, rows) => {
    expect(after(...turns)).toBe(rows);
  });
});
