import { Turnstile } from './turnstile';

/** Work that ends when it is told to. */
function pending() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    started.push(name);
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
  };
  return { started, work, end: (name: string) => ends.get(name)!() };
}

describe('Turnstile', () => {
  it('lets so many in at once, the others in the order of their arrival', async () => {
    const turnstile = new Turnstile(2, 10);
    const { started, work, end } = pending();
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => turnstile.run(work(name)));
    expect(started).toEqual(['a', 'b']);

    end('b');
    await b;
    expect(started).toEqual(['a', 'b', 'c']);

    end('a');
    await a;
    end('c');
    end('d');
    await expect(Promise.all([c, d])).resolves.toEqual(['c', 'd']);
  });

  it('passes the place on when work fails', async () => {
    const turnstile = new Turnstile(1, 10);
    const failing = turnstile.run(() => Promise.reject(new Error('no')));
    const next = turnstile.run(() => Promise.resolve('next'));

    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('next');
    await expect(turnstile.run(() => Promise.resolve('later'))).resolves.toBe('later');
  });

  it('sends away whoever comes when too many wait', async () => {
    const turnstile = new Turnstile(1, 1);
    const { work, end } = pending();
    const inside = turnstile.run(work('inside'));
    const waiting = turnstile.run(() => Promise.resolve('waited'));

    await expect(turnstile.run(() => Promise.resolve())).rejects.toMatchObject({ code: 'unavailable' });
    end('inside');
    await expect(Promise.all([inside, waiting])).resolves.toEqual(['inside', 'waited']);
  });
});
