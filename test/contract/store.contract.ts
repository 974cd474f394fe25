import { inspect } from 'node:util';
import { newId } from '@app/core';
import type { Collection, New, Store } from '@app/core';
import type { FakeClock } from '../support/clock';
import { NOON } from '../support/clock';
import { Owner, Part, STORE_ENTITIES, Sample, sample } from './store.entities';
import { gate } from './waiting';

export interface StoreUnderTest {
  store: Store;
  clock: FakeClock;
  /** Whether nobody sees what a transaction does before its end, or writes in between; MongoDB cannot promise it. */
  isolated: boolean;
  close(): Promise<void>;
}

/** What every engine promises of `Store` and `Collection`. */
export function storeContract(open: () => Promise<StoreUnderTest>): void {
  describe('Store', () => {
    let context: StoreUnderTest;
    let store: Store;
    let samples: Collection<Sample>;
    let owners: Collection<Owner>;
    let parts: Collection<Part>;

    beforeAll(async () => {
      context = await open();
      store = context.store;
      samples = store.collection(Sample);
      owners = store.collection(Owner);
      parts = store.collection(Part);
    });

    afterAll(() => context.close());

    beforeEach(async () => {
      context.clock.set(NOON);
      for (const entity of [...STORE_ENTITIES].reverse()) {
        await store.collection<Owner | Part | Sample>(entity).delete({ id: { not: '' } });
      }
    });

    /** Stores samples with these names, in this order. */
    const named = (...names: string[]) => samples.insertMany(names.map((name, rank) => sample({ name, rank })));
    const namesOf = (found: { name: string }[]) => found.map(({ name }) => name);

    describe('insert', () => {
      it('returns what is stored, with an id and both times', async () => {
        const values = sample({ name: 'a', note: 'x', rank: 7, size: -3, active: false, goneAt: new Date(NOON + 1) });

        const stored = await samples.insert(values);

        expect(stored).toEqual({ ...values, id: stored.id, createdAt: new Date(NOON), updatedAt: new Date(NOON) });
        expect(stored.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(stored).toBeInstanceOf(Sample);
        await expect(samples.find()).resolves.toEqual([stored]);
        expect((await samples.findOne({ id: stored.id }))!).toBeInstanceOf(Sample);
      });

      it('keeps an id that is given', async () => {
        const id = newId();

        await expect(samples.insert({ ...sample(), id })).resolves.toMatchObject({ id });
        await expect(samples.count({ id })).resolves.toBe(1);
      });

      it('stores null for what is absent', async () => {
        const { note: _note, size: _size, goneAt: _goneAt, ...rest } = sample();

        const stored = await samples.insert(rest as New<Sample>);

        expect(stored).toMatchObject({ note: null, size: null, goneAt: null });
        await expect(samples.findOne({ id: stored.id })).resolves.toEqual(stored);
      });

      it.each([
        ['nothing', ''],
        ['emoji', '🚨 👩‍👩‍👧 Ωmega'],
        ['quotes and markup', `'"; DROP TABLE samples; -- <b>\\`],
        ['line breaks and tabs', 'a\r\n\tb'],
        ['blanks at the ends', '  a  '],
        ['a hundred characters outside the basic plane', '😀'.repeat(100)],
        ['a long text', 'é'.repeat(70_000)],
      ])('keeps %s in a text', async (_, note) => {
        const { id } = await samples.insert(sample({ note }));

        await expect(samples.findOne({ id })).resolves.toMatchObject({ note });
        await expect(samples.count({ note })).resolves.toBe(1);
      });

      it('drops from a text what no engine can keep: NUL and half characters', async () => {
        const stored = await samples.insert(sample({ note: 'a\0b\ud83dc' }));

        expect(stored.note).toBe('ab\ufffdc');
        await expect(samples.findOne({ id: stored.id })).resolves.toMatchObject({ note: 'ab\ufffdc' });
      });

      it.each([0, -1, 2 ** 31, -(2 ** 31) - 1, 2 ** 32, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])(
        'keeps the number %d',
        async (size) => {
          const { id } = await samples.insert(sample({ size }));

          const found = await samples.findOne({ id });

          expect(found!.size).toBe(size);
          await expect(samples.count({ size: { from: size, to: size } })).resolves.toBe(1);
        },
      );

      it.each([
        '2026-11-24T12:00:00.000Z',
        '2026-11-24T12:00:00.001Z',
        '2026-11-24T12:00:00.999Z',
        '1970-01-01T00:00:00.000Z',
        '1969-12-31T23:59:59.999Z',
        '2026-03-29T01:30:00.123Z', // an hour that some zones do not have
        '9999-12-31T23:59:59.999Z',
      ])('keeps the instant %s to the millisecond', async (text) => {
        const { id } = await samples.insert(sample({ seenAt: new Date(text) }));

        const found = await samples.findOne({ id });

        expect(found!.seenAt).toEqual(new Date(text));
        await expect(samples.count({ seenAt: new Date(text) })).resolves.toBe(1);
      });

      it('refuses a unique value that is taken', async () => {
        await named('a');

        await expect(samples.insert(sample({ name: 'a' }))).rejects.toMatchObject({ code: 'conflict' });
        await expect(samples.insert(sample({ name: 'A' }))).resolves.toBeDefined();
        await expect(samples.count()).resolves.toBe(2);
      });

      it('refuses an id that is taken', async () => {
        const [{ id }] = (await named('a')) as [Sample];

        await expect(samples.insert({ ...sample(), id })).rejects.toMatchObject({ code: 'conflict' });
      });

      it('lets exactly one of two at once have a unique value', async () => {
        const outcomes = await Promise.allSettled([1, 2].map(() => samples.insert(sample({ name: 'a' }))));

        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        await expect(samples.count({ name: 'a' })).resolves.toBe(1);
      });

      it('refuses values that are unique only together', async () => {
        const [one, two] = await owners.insertMany([{ name: 'one' }, { name: 'two' }]);
        await parts.insert({ ownerId: one!.id, keeperId: null, label: 'a' });
        await parts.insert({ ownerId: two!.id, keeperId: null, label: 'a' });

        const again = parts.insert({ ownerId: one!.id, keeperId: null, label: 'a' });

        await expect(again).rejects.toMatchObject({ code: 'conflict' });
      });

      it('refuses a reference to nothing', async () => {
        const insert = parts.insert({ ownerId: newId(), keeperId: null, label: 'a' });

        await expect(insert).rejects.toMatchObject({ code: 'invalid' });
        await expect(parts.count()).resolves.toBe(0);
      });

      it.each<[string, Partial<New<Sample>>]>([
        ['that the caller can mend', { name: 'secret-name', note: 'secret-note' }],
        ['of ours', { rank: null as unknown as number, note: 'secret-note' }],
      ])('names no stored value in an error %s', async (_, values) => {
        await named('secret-name');

        const error = await samples.insert(sample(values)).catch((e: unknown) => e);

        expect(error).toBeInstanceOf(Error);
        expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('secret');
      });

      it('refuses a field that the entity does not have', async () => {
        const values = { ...sample(), colour: 'red' } as New<Sample>;

        await expect(samples.insert(values)).rejects.toThrow('colour');
      });
    });

    describe('insertMany', () => {
      it('stores in the order given', async () => {
        const stored = await named('c', 'a', 'b');

        expect(namesOf(stored)).toEqual(['c', 'a', 'b']);
        expect(namesOf(await samples.find())).toEqual(['c', 'a', 'b']);
      });

      it('stores nothing when given nothing', async () => {
        await expect(samples.insertMany([])).resolves.toEqual([]);
      });

      it('stores a field that only some of the records have', async () => {
        const { note: _note, ...bare } = sample({ name: 'bare' });

        const stored = await samples.insertMany([bare as New<Sample>, sample({ name: 'noted', note: 'x' })]);

        await expect(samples.find({ order: { name: 'asc' } })).resolves.toEqual(stored);
        await expect(samples.findOne({ name: 'noted' })).resolves.toMatchObject({ note: 'x' });
      });

      it('stores none when one is refused', async () => {
        await expect(named('a', 'b', 'a')).rejects.toMatchObject({ code: 'conflict' });
        await expect(samples.count()).resolves.toBe(0);
      });

      it('stores more records than a statement has room for', async () => {
        const many = Array.from({ length: 5_000 }, (_, rank) => sample({ rank }));

        await samples.insertMany(many);

        await expect(samples.count()).resolves.toBe(5_000);
      });
    });

    describe('a condition', () => {
      beforeEach(async () => {
        await samples.insertMany([
          sample({ name: 'a', rank: 1, size: 10, note: 'x', active: true, seenAt: new Date(NOON) }),
          sample({ name: 'b', rank: 2, size: 20, note: null, active: false, seenAt: new Date(NOON + 1) }),
          sample({ name: 'c', rank: 3, size: null, note: 'y', active: true, seenAt: new Date(NOON + 2) }),
        ]);
      });

      it.each<[string, Parameters<Collection<Sample>['count']>[0], string]>([
        ['nothing at all', {}, 'abc'],
        ['an undefined condition', { name: undefined }, 'abc'],
        ['an equal text', { name: 'b' }, 'b'],
        ['an equal text in that letter case only', { name: 'B' }, ''],
        ['an equal number', { rank: 2 }, 'b'],
        ['an equal flag', { active: true }, 'ac'],
        ['the other flag', { active: false }, 'b'],
        ['an equal instant', { seenAt: new Date(NOON + 1) }, 'b'],
        ['null', { note: null }, 'b'],
        ['no number', { size: null }, 'c'],
        ['not null', { note: { not: null } }, 'ac'],
        ['not a value: null is different from it', { note: { not: 'x' } }, 'bc'],
        ['not a number', { rank: { not: 2 } }, 'ac'],
        ['not a flag', { active: { not: true } }, 'b'],
        ['one of some', { name: { in: ['a', 'c', 'z'] } }, 'ac'],
        ['one of one', { rank: { in: [3] } }, 'c'],
        ['one of none', { name: { in: [] } }, ''],
        ['one of some with null among them', { note: { in: [null, 'y'] } }, 'bc'],
        ['one of null alone', { note: { in: [null] } }, 'b'],
        ['from a number', { rank: { from: 2 } }, 'bc'],
        ['to a number', { rank: { to: 2 } }, 'ab'],
        ['after a number', { rank: { after: 2 } }, 'c'],
        ['before a number', { rank: { before: 2 } }, 'a'],
        ['between numbers', { rank: { from: 2, to: 2 } }, 'b'],
        ['strictly between numbers', { rank: { after: 1, before: 3 } }, 'b'],
        ['a range never holds null', { size: { from: 0 } }, 'ab'],
        ['a range with an undefined end', { rank: { from: 2, to: undefined } }, 'bc'],
        ['a range of instants', { seenAt: { from: new Date(NOON + 1), before: new Date(NOON + 2) } }, 'b'],
        ['a range of texts', { name: { after: 'a' } }, 'bc'],
        ['several conditions, all of them', { active: true, rank: { from: 2 } }, 'c'],
        ['several conditions, one of them undefined', { active: true, rank: undefined }, 'ac'],
        ['a malformed id', { id: 'not-an-id' }, ''],
        ['an empty id', { id: '' }, ''],
        ['an id with a character that no text may hold', { id: '\0' }, ''],
        ['a text with such a character', { name: 'a\0' }, ''],
        ['such a text among others', { name: { in: ['a\0', 'b'] } }, 'b'],
        ['a number beyond those that are stored', { rank: 2 ** 63 }, ''],
        ['such a number among others', { rank: { in: [-(2 ** 63), 2] } }, 'b'],
        ['not such a number', { rank: { not: 2 ** 63 }, active: true }, 'ac'],
        ['a range with such ends', { rank: { from: -(2 ** 63), to: 2 ** 63 } }, 'abc'],
        ['a range that ends before all numbers', { rank: { before: -(2 ** 63) } }, ''],
        ['a part with such a character', { name: { contains: 'a\0' } }, ''],
        ['a malformed id in a list', { id: { in: ['x', ''] } }, ''],
        ['an id longer than any', { id: 'x'.repeat(1_000) }, ''],
      ])('matches %s', async (_, where, expected) => {
        const found = await samples.find({ where, order: { rank: 'asc' } });

        expect(namesOf(found).join('')).toBe(expected);
        await expect(samples.count(where)).resolves.toBe(expected.length);
        await expect(samples.findOne(where!)).resolves.toEqual(expected ? expect.any(Sample) : null);
      });

      it.each([2 ** 53, -(2 ** 63), 2 ** 64, 1e300])(
        'matches nothing by the number %d, which no field holds',
        async (number) => {
          await expect(samples.count({ rank: number })).resolves.toBe(0);
          await expect(samples.count({ rank: { in: [number, 1] } })).resolves.toBe(1);
          await expect(samples.count({ rank: { not: number } })).resolves.toBe(3);
        },
      );

      it('on a field that does not exist is a mistake', async () => {
        await expect(samples.find({ where: { colour: 'red' } as object })).rejects.toThrow('colour');
      });

      it('matches one of very many', async () => {
        const many = Array.from({ length: 40_000 }, (_, i) => `x${i}`);

        await expect(samples.count({ name: { in: [...many, 'b'] } })).resolves.toBe(1);
      });
    });

    describe('contains', () => {
      it.each(['%', '_', '.', '*', '\\', '^', '$', '(', '[', '?', '+', '|', "'", '"', '/', ' '])(
        'takes %j literally',
        async (char) => {
          await named(`a${char}b`, 'axb', 'ab');

          expect(namesOf(await samples.find({ where: { name: { contains: char } } }))).toEqual([`a${char}b`]);
          await expect(samples.count({ name: { contains: `a${char}b` } })).resolves.toBe(1);
        },
      );

      it.each([
        ['Shop API', 'shop api'],
        ['Shop API', 'P A'],
        ['Ärger im Büro', 'ärger IM BÜRO'],
        ['Магазин', 'МАГАЗИН'],
        ['ΟΔΟΣΑ', 'οδος'],
        ['Caf\u00e9', 'CAFE\u0301'],
        ['🚨 Alarm', '🚨'],
        ['日本語', '本'],
      ])('finds in %j the part %j, in any letter case', async (name, part) => {
        await named(name, 'other');

        expect(namesOf(await samples.find({ where: { name: { contains: part } } }))).toEqual([name]);
      });

      it.each([
        ['Shop', 'shops'],
        ['Cafe', 'é'],
        ['ab', 'a b'],
      ])('does not find in %j the text %j', async (name, part) => {
        await named(name);

        await expect(samples.count({ name: { contains: part } })).resolves.toBe(0);
      });

      it('matches every text that there is when it looks for nothing', async () => {
        await samples.insertMany([sample({ note: 'x' }), sample({ note: '' }), sample({ note: null })]);

        await expect(samples.count({ note: { contains: '' } })).resolves.toBe(2);
      });

      it('follows a change of the text', async () => {
        const [{ id }] = (await named('before')) as [Sample];

        await samples.update({ id }, { name: 'AFTER', note: 'Some' });
        await expect(samples.count({ name: { contains: 'after' }, note: { contains: 'SOME' } })).resolves.toBe(1);
        await expect(samples.count({ name: { contains: 'before' } })).resolves.toBe(0);

        await samples.update({ id }, { note: null });
        await expect(samples.count({ note: { contains: 'some' } })).resolves.toBe(0);
      });
    });

    describe('among', () => {
      it('follows a reference into the records of another kind', async () => {
        const [one, two] = await owners.insertMany([{ name: 'one' }, { name: 'two' }, { name: 'idle' }]);
        await parts.insertMany([
          { ownerId: one!.id, keeperId: two!.id, label: 'a' },
          { ownerId: one!.id, keeperId: null, label: 'b' },
          { ownerId: two!.id, keeperId: null, label: 'a' },
        ]);
        const having = (where: Record<string, unknown>, field = 'ownerId') =>
          owners.find({ where: { id: { among: { entity: Part, field, where } } }, order: { name: 'asc' } });

        expect(namesOf(await having({ label: 'a' }))).toEqual(['one', 'two']);
        expect(namesOf(await having({ label: 'b' }))).toEqual(['one']);
        expect(namesOf(await having({ label: { in: ['b', 'z'] } }))).toEqual(['one']);
        expect(namesOf(await having({ label: 'z' }))).toEqual([]);
        expect(namesOf(await having({ label: undefined }))).toEqual(['one', 'two']);
        expect(namesOf(await having({}, 'keeperId'))).toEqual(['two']);
      });

      it('goes together with other conditions, and inside itself', async () => {
        const [one, two] = await owners.insertMany([{ name: 'one' }, { name: 'two' }]);
        await parts.insertMany([
          { ownerId: one!.id, keeperId: null, label: 'a' },
          { ownerId: two!.id, keeperId: null, label: 'a' },
        ]);
        const labelled = { among: { entity: Part, field: 'ownerId', where: { label: 'a' } } };

        await expect(owners.count({ name: 'two', id: labelled })).resolves.toBe(1);
        const owned = { among: { entity: Owner, field: 'id', where: { name: 'one', id: labelled } } };
        await expect(parts.count({ ownerId: owned })).resolves.toBe(1);
      });
    });

    describe('order', () => {
      it('goes by one field, either way', async () => {
        await named('b', 'c', 'a');

        expect(namesOf(await samples.find({ order: { name: 'asc' } }))).toEqual(['a', 'b', 'c']);
        expect(namesOf(await samples.find({ order: { name: 'desc' } }))).toEqual(['c', 'b', 'a']);
      });

      it('goes by several fields, the first one first', async () => {
        await samples.insertMany([
          sample({ name: 'b', rank: 1 }),
          sample({ name: 'a', rank: 2 }),
          sample({ name: 'c', rank: 2 }),
        ]);

        const found = await samples.find({ order: { rank: 'desc', name: 'asc' } });

        expect(namesOf(found)).toEqual(['a', 'c', 'b']);
      });

      it('breaks ties by id, in the direction of the last field', async () => {
        const ids = Array.from({ length: 4 }, () => newId());
        await samples.insertMany(['2', '0', '3', '1'].map((i) => ({ ...sample({ name: i }), id: ids[Number(i)] })));

        expect(namesOf(await samples.find({ order: { rank: 'asc' } }))).toEqual(['0', '1', '2', '3']);
        expect(namesOf(await samples.find({ order: { rank: 'desc' } }))).toEqual(['3', '2', '1', '0']);
        expect(namesOf(await samples.find({ order: { active: 'asc', rank: 'desc' } }))).toEqual(['3', '2', '1', '0']);
        expect(namesOf(await samples.find())).toEqual(['0', '1', '2', '3']);
      });

      it('can go by id alone', async () => {
        await named('a', 'b');

        expect(namesOf(await samples.find({ order: { id: 'desc' } }))).toEqual(['b', 'a']);
      });

      it('compares texts by code point', async () => {
        const ascending = ['', 'A', 'Z', '_', 'a', 'z', 'ä', '中', '\uff5e', '😀'];
        await named(...[...ascending].reverse());

        expect(namesOf(await samples.find({ order: { name: 'asc' } }))).toEqual(ascending);
      });

      it('puts null before every value', async () => {
        await samples.insertMany([
          sample({ name: 'none', size: null }),
          sample({ name: 'less', size: -1 }),
          sample({ name: 'more', size: 1 }),
        ]);

        expect(namesOf(await samples.find({ order: { size: 'asc' } }))).toEqual(['none', 'less', 'more']);
        expect(namesOf(await samples.find({ order: { size: 'desc' } }))).toEqual(['more', 'less', 'none']);
      });

      it('ignores an undefined direction', async () => {
        await named('b', 'a');

        expect(namesOf(await samples.find({ order: { rank: undefined, name: 'asc' } }))).toEqual(['a', 'b']);
      });
    });

    describe('a page', () => {
      it.each([
        [{ limit: 2 }, 'ab'],
        [{ offset: 1, limit: 2 }, 'bc'],
        [{ offset: 3 }, 'de'],
        [{ offset: 4, limit: 10 }, 'e'],
        [{ offset: 5, limit: 10 }, ''],
        [{ limit: 0 }, ''],
        [{ offset: 0 }, 'abcde'],
        [{}, 'abcde'],
      ])('of %j holds "%s"', async (page, expected) => {
        await named('a', 'b', 'c', 'd', 'e');

        expect(namesOf(await samples.find({ order: { name: 'asc' }, ...page })).join('')).toBe(expected);
      });

      it('never overlaps another one when all values are equal', async () => {
        await samples.insertMany(Array.from({ length: 25 }, () => sample({ rank: 1 })));

        const pages = await Promise.all(
          [0, 1, 2].map((page) => samples.find({ order: { rank: 'desc' }, offset: page * 10, limit: 10 })),
        );

        expect(pages.map((page) => page.length)).toEqual([10, 10, 5]);
        expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(25);
      });
    });

    describe('update', () => {
      it('changes what is given, and when it was changed', async () => {
        const [one, two] = (await named('a', 'b')) as [Sample, Sample];
        context.clock.advance(5);

        await expect(samples.update({ id: one.id }, { rank: 9, active: false })).resolves.toBe(1);

        const changed = { ...one, rank: 9, active: false, updatedAt: new Date(NOON + 5) };
        await expect(samples.find({ order: { name: 'asc' } })).resolves.toEqual([changed, two]);
      });

      it('keeps what is undefined, and clears what is null', async () => {
        const stored = await samples.insert(sample({ note: 'x', size: 1 }));

        await samples.update({ id: stored.id }, { note: undefined, size: null });

        await expect(samples.findOne({ id: stored.id })).resolves.toEqual({ ...stored, size: null });
      });

      it('counts what matched, changed or not', async () => {
        await named('a', 'b', 'c');

        await expect(samples.update({ active: true }, { active: true })).resolves.toBe(3);
        await expect(samples.update({ rank: { from: 1 } }, { active: false })).resolves.toBe(2);
        await expect(samples.update({ active: true, rank: 0 }, {})).resolves.toBe(1);
        await expect(samples.update({ name: 'z' }, { rank: 0 })).resolves.toBe(0);
        await expect(samples.update({ id: 'malformed' }, { rank: 0 })).resolves.toBe(0);
      });

      it('lets exactly one of many at once make a conditional change', async () => {
        await named('a');

        const counts = await Promise.all(
          Array.from({ length: 10 }, () => samples.update({ name: 'a', active: true }, { active: false })),
        );

        expect(counts.sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
      });

      it('refuses a unique value that is taken', async () => {
        await named('a', 'b');

        await expect(samples.update({ name: 'b' }, { name: 'a' })).rejects.toMatchObject({ code: 'conflict' });
        await expect(samples.update({ name: 'b' }, { name: 'b' })).resolves.toBe(1);
      });

      it('refuses a reference to nothing', async () => {
        const owner = await owners.insert({ name: 'one' });
        const part = await parts.insert({ ownerId: owner.id, keeperId: owner.id, label: 'a' });

        const update = parts.update({ id: part.id }, { keeperId: newId() });

        await expect(update).rejects.toMatchObject({ code: 'invalid' });
        await expect(parts.findOne({ id: part.id })).resolves.toEqual(part);
      });
    });

    describe('delete', () => {
      it('counts what went', async () => {
        await named('a', 'b', 'c');

        await expect(samples.delete({ rank: { from: 1 } })).resolves.toBe(2);
        await expect(samples.delete({ rank: { from: 1 } })).resolves.toBe(0);
        await expect(samples.delete({ id: 'malformed' })).resolves.toBe(0);
        expect(namesOf(await samples.find())).toEqual(['a']);
      });

      it('takes what belongs to the record along, and lets go of what is only lent', async () => {
        const [one, two] = await owners.insertMany([{ name: 'one' }, { name: 'two' }]);
        const [, kept] = await parts.insertMany([
          { ownerId: one!.id, keeperId: two!.id, label: 'goes' },
          { ownerId: two!.id, keeperId: one!.id, label: 'stays' },
        ]);

        await expect(owners.delete({ id: one!.id })).resolves.toBe(1);

        await expect(parts.find()).resolves.toEqual([{ ...kept, keeperId: null }]);
      });
    });

    it.each<[string, object]>([
      ['an empty filter', {}],
      ['a filter whose only condition is undefined', { id: undefined }],
      ['a filter whose only condition is an open range', { rank: {} }],
    ])('refuses to change or delete by %s', async (_, where) => {
      await named('a');

      await expect(samples.update(where, { rank: 9 })).rejects.toThrow('filter is empty');
      await expect(samples.delete(where)).rejects.toThrow('filter is empty');
      await expect(samples.findOne({ name: 'a' })).resolves.toMatchObject({ rank: 0 });
    });

    describe('a transaction', () => {
      const boom = new Error('boom');
      it('returns what the work returns, and stores what it stored', async () => {
        const found = await store.transaction(async () => {
          await named('a');
          await samples.update({ name: 'a' }, { rank: 5 });
          return samples.findOne({ name: 'a' });
        });

        expect(found).toMatchObject({ name: 'a', rank: 5 });
        await expect(samples.find()).resolves.toEqual([found]);
      });

      it('lets the error of the work out as it is', async () => {
        await expect(store.transaction(() => Promise.reject(boom))).rejects.toBe(boom);
      });

      it('leaves nothing when the work fails', async () => {
        await named('a');

        const work = store.transaction(async () => {
          await named('b');
          await samples.update({ name: 'a' }, { rank: 9 });
          await samples.delete({ name: 'a' });
          throw boom;
        });

        await expect(work).rejects.toBe(boom);
        await expect(samples.find()).resolves.toMatchObject([{ name: 'a', rank: 0 }]);
      });

      it('is not seen from outside before its end', async () => {
        if (!context.isolated) return;
        const opened = gate();
        const finish = gate();
        const work = store.transaction(async () => {
          await named('a');
          opened.open();
          await finish.passed;
        });
        await opened.passed;

        const during = await samples.count();
        finish.open();
        await work;

        expect([during, await samples.count()]).toEqual([0, 1]);
      });

      it('takes a nested one in: they stand and fall together', async () => {
        const work = store.transaction(async () => {
          await named('outer');
          await store.transaction(() => named('inner'));
          throw boom;
        });

        await expect(work).rejects.toBe(boom);
        await expect(samples.count()).resolves.toBe(0);

        await store.transaction(async () => {
          await named('outer');
          await store.transaction(() => named('inner'));
        });
        expect(namesOf(await samples.find())).toEqual(['outer', 'inner']);
      });

      it('goes on after an error that the work dealt with', async () => {
        await named('a');

        await store.transaction(async () => {
          await expect(samples.insert(sample({ name: 'a' }))).rejects.toMatchObject({ code: 'conflict' });
          await samples.insert(sample({ name: 'b' }));
        });

        expect(namesOf(await samples.find())).toEqual(['a', 'b']);
      });

      it('two at once: one that fails takes nothing of the other along', async () => {
        const bothStarted = gate();
        const failing = store.transaction(async () => {
          await named('failing');
          await bothStarted.passed;
          throw boom;
        });
        const good = store.transaction(async () => {
          await named('good');
        });
        bothStarted.open();

        await expect(failing).rejects.toBe(boom);
        await good;
        expect(namesOf(await samples.find())).toEqual(['good']);
      });

      it('a write of somebody else survives when one that was open meanwhile fails', async () => {
        const opened = gate();
        const fail = gate();
        const failing = store.transaction(async () => {
          await named('failing');
          opened.open();
          await fail.passed;
          throw boom;
        });
        await opened.passed;
        const bystander = named('bystander');
        fail.open();

        await expect(failing).rejects.toBe(boom);
        await bystander;
        expect(namesOf(await samples.find())).toEqual(['bystander']);
      });

      it('does not swallow what was started inside and not waited for', async () => {
        let started: Promise<unknown> = Promise.resolve();
        const work = store.transaction(async () => {
          await named('a');
          started = named('b');
          throw boom;
        });

        await expect(work).rejects.toBe(boom);
        await started;
        expect(namesOf(await samples.find())).toEqual([]);
      });

      it('a write that comes after the end stands on its own', async () => {
        const ended = gate();
        let straggler: Promise<unknown> = Promise.resolve();
        const first = store.transaction(() => {
          straggler = ended.passed.then(() => named('straggler'));
          return Promise.reject(boom);
        });
        await expect(first).rejects.toBe(boom);

        const second = store.transaction(async () => {
          await named('second');
          ended.open();
          await Promise.resolve();
          throw boom;
        });

        await expect(second).rejects.toBe(boom);
        await straggler;
        expect(namesOf(await samples.find())).toEqual(['straggler']);
      });

      it('makes read-then-write safe: nobody loses an increment', async () => {
        await named('counter');

        await Promise.all(
          Array.from({ length: 20 }, () =>
            store.transaction(async () => {
              const counter = await samples.findOne({ name: 'counter' });
              await samples.update({ name: 'counter' }, { rank: counter!.rank + 1 });
            }),
          ),
        );

        await expect(samples.findOne({ name: 'counter' })).resolves.toMatchObject({ rank: 20 });
      });
    });

    it('a transaction never overwrites what somebody else wrote between its reading and its writing', async () => {
      if (!context.isolated) return;
      await named('counter');
      const [read, written] = [gate(), gate()];
      const ask = async (times: number) => {
        for (let i = 0; i < times; i++) await samples.count();
      };
      let attempts = 0;

      const counting = store.transaction(async () => {
        attempts++;
        const counter = await samples.findOne({ name: 'counter' });
        read.open();
        // A write that does not have to wait for this transaction is done before so many questions are answered.
        if (attempts === 1) await Promise.race([written.passed, ask(50)]);
        await samples.update({ name: 'counter' }, { rank: counter!.rank + 1 });
      });
      await read.passed;
      const other = samples.update({ name: 'counter', rank: 0 }, { rank: 10 }).finally(() => written.open());

      await Promise.all([counting, other]);
      const { rank } = (await samples.findOne({ name: 'counter' }))!;
      expect([1, 11]).toContain(rank); // the other one came too late, or was seen
      expect(rank).toBe((await other) === 0 ? 1 : 11);
    });

    it.each([
      ['an id', { id: 'x'.repeat(37) }],
      ['a text', { name: 'x'.repeat(101) }],
    ])('takes %s that is too long for a mistake of the caller, or as it is', async (_, values) => {
      const outcome = await samples.insert(sample(values)).then(
        (stored) => ({ code: null, stored }),
        (error: { code: string }) => ({ code: error.code, stored: null }),
      );

      expect([null, 'invalid']).toContain(outcome.code);
      expect(await samples.find()).toEqual(outcome.stored ? [outcome.stored] : []);
    });

    it('stores moments that do not depend on the zone of the process', async () => {
      const zone = process.env.TZ;
      const moments = [
        '2026-03-08T02:30:00.000-05:00',
        '2026-11-01T01:30:00.000-04:00',
        '2026-11-01T01:30:00.000-05:00',
      ];
      process.env.TZ = 'America/New_York';
      try {
        await samples.insertMany(moments.map((text, rank) => sample({ seenAt: new Date(text), rank })));
        process.env.TZ = 'Asia/Kolkata';

        const found = await samples.find({ order: { rank: 'asc' } });

        expect(found.map(({ seenAt }) => seenAt)).toEqual(moments.map((text) => new Date(text)));
        await expect(samples.count({ seenAt: { after: new Date(moments[1]!) } })).resolves.toBe(1);
      } finally {
        process.env.TZ = zone ?? 'UTC';
      }
    });

    it('lets exactly one of many at once be the first', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 12 }, () =>
          store.transaction(async () => {
            if ((await samples.count()) > 0) throw new Error('somebody is here already');
            return samples.insert(sample({ name: newId() }));
          }),
        ),
      );

      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await expect(samples.count()).resolves.toBe(1);
    });

    describe('ping', () => {
      it('resolves while the database answers, and says so when it does not', async () => {
        const other = await open();
        await expect(other.store.ping()).resolves.toBeUndefined();

        await other.close();

        await expect(other.store.ping()).rejects.toMatchObject({ code: 'unavailable' });
      });
    });
  });
}
