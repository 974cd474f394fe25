import { MessageBudget } from './message-budget';

describe('MessageBudget', () => {
  it('accepts 20 messages a second, refuses the next 80, and gives up at the one after', () => {
    const budget = new MessageBudget();
    const verdicts = Array.from({ length: 101 }, () => budget.take(1000));

    expect(verdicts.slice(0, 20)).toEqual(Array(20).fill('accept'));
    expect(verdicts.slice(20, 100)).toEqual(Array(80).fill('refuse'));
    expect(verdicts[100]).toBe('disconnect');
  });

  it('starts again a second after the first message', () => {
    const budget = new MessageBudget();
    for (let i = 0; i < 50; i++) budget.take(1000);

    expect(budget.take(1999)).toBe('refuse');
    expect(budget.take(2000)).toBe('accept');
  });
});
