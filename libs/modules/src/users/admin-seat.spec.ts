import type { Store } from '@app/core';
import { openTemporary } from '../../../../test/contract/sqlite';
import type { TestDatabase } from '../../../../test/contract/sqlite';
import { AdminSeat } from './admin-seat';
import { User } from './user.entity';

type Change = 'demote' | 'deactivate' | 'delete';

describe('AdminSeat', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openTemporary([User]);
  });
  afterEach(() => database.close());

  const users = () => database.store.collection(User);
  const create = (name: string, values: Partial<User> = {}) =>
    users().insert({
      email: `${name}@acme.test`,
      emailKey: `${name}@acme.test`,
      password: '!',
      active: true,
      role: 'admin',
      seat: null,
      totpSecret: null,
      totpEnabled: false,
      totpLastStep: null,
      ...values,
    });
  const remaining = async () =>
    (await users().find({ where: { role: 'admin', active: true }, order: { emailKey: 'asc' } })).map(
      ({ email }) => email[0],
    );
  const apply = (store: Store, { id }: User, change: Change) =>
    new AdminSeat(store).remove(id, (where) => {
      const collection = store.collection(User);
      if (change === 'delete') return collection.delete(where);
      return collection.update(where, change === 'demote' ? { role: 'viewer' } : { active: false });
    });

  it.each<Change>(['demote', 'deactivate', 'delete'])('does not let one %s the last active admin', async (change) => {
    const first = await create('a', { seat: 'first' });
    await create('b', { role: 'editor' });
    await create('c', { active: false });

    await expect(apply(database.store, first, change)).rejects.toMatchObject({ code: 'conflict' });
    await expect(remaining()).resolves.toEqual(['a']);
  });

  it('lets everybody else go, and the first admin as soon as there is another', async () => {
    const [a, b, c] = [await create('a', { seat: 'first' }), await create('b'), await create('c', { role: 'viewer' })];

    for (const user of [c, a]) await expect(apply(database.store, user, 'delete')).resolves.toBe(true);
    await expect(apply(database.store, a, 'delete')).resolves.toBe(false);
    await expect(apply(database.store, b, 'demote')).rejects.toMatchObject({ code: 'conflict' });
    await create('d');
    await expect(apply(database.store, b, 'demote')).resolves.toBe(true);
    await expect(remaining()).resolves.toEqual(['d']);
  });

  it('works where nobody had the seat', async () => {
    const [a, b] = [await create('a'), await create('b')];

    await expect(apply(database.store, a, 'delete')).resolves.toBe(true);
    await expect(apply(database.store, b, 'delete')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('takes a seat that was left half-way by a server that died for what it is', async () => {
    const [a, b] = [await create('a', { seat: 'first' }), await create('b', { seat: '2' })];

    await expect(apply(database.store, b, 'demote')).resolves.toBe(true);
    await expect(apply(database.store, a, 'demote')).rejects.toMatchObject({ code: 'conflict' });
    await expect(remaining()).resolves.toEqual(['a']);
  });

  it.each([2, 3, 8])('leaves exactly one of %i admins who are all taken away at once', async (count) => {
    const admins: User[] = [];
    for (let i = 0; i < count; i++)
      admins.push(await create(String.fromCharCode(97 + i), { seat: i === 0 ? 'first' : null }));
    const changes: Change[] = ['demote', 'deactivate', 'delete'];
    const slow = slowed(database.store);

    const results = await Promise.allSettled(admins.map((admin, i) => apply(slow, admin, changes[i % 3]!)));

    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    await expect(remaining()).resolves.toHaveLength(1);
  });
});

/** The same store, whose every call takes a while of its own: so that calls of several come in any order. */
function slowed(store: Store): Store {
  let state = 42;
  const random = () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
  const later = async () => {
    for (let turns = Math.floor(random() * 20); turns > 0; turns--) await new Promise(setImmediate);
  };
  const collection = store.collection(User);
  const slow = new Proxy(collection, {
    get: (target, name) => {
      const method = target[name as 'find'];
      return async (...args: Parameters<typeof method>) => {
        await later();
        return method.apply(target, args);
      };
    },
  });
  return { collection: () => slow } as unknown as Store;
}
