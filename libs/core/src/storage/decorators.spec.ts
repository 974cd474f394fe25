import { Entity, Flag, Index, Instant, Int, Ref, Stored, Text, foldCase, modelOf } from './decorators';

@Stored('owners')
class Owner extends Entity {
  @Text({ max: 50, unique: true, search: true }) name!: string;
}

@Stored('things')
@Index(['size', 'name'], { unique: true })
@Index(['madeAt'])
class Thing extends Entity {
  @Text() name!: string;
  @Int({ nullable: true }) size!: number | null;
  @Flag() active!: boolean;
  @Instant() madeAt!: Date;
  @Ref(() => Owner, { onDelete: 'cascade' }) ownerId!: string;
  @Ref(() => Owner, { onDelete: 'clear', nullable: true, unique: true }) keeperId!: string | null;
}

class Loose extends Entity {
  @Text() name!: string;
}

describe('an entity', () => {
  it('is described once, own fields and those that all have', () => {
    const { name, fields } = modelOf(Thing);

    expect(name).toBe('things');
    expect(Object.fromEntries(fields)).toEqual({
      id: { kind: 'text', max: 36, nullable: false, unique: false, search: false },
      createdAt: { kind: 'instant', nullable: false, unique: false },
      updatedAt: { kind: 'instant', nullable: false, unique: false },
      name: { kind: 'text', max: 0, nullable: false, unique: false, search: false },
      size: { kind: 'int', nullable: true, unique: false },
      active: { kind: 'flag', nullable: false, unique: false },
      madeAt: { kind: 'instant', nullable: false, unique: false },
      ownerId: { kind: 'ref', target: expect.any(Function), onDelete: 'cascade', nullable: false, unique: false },
      keeperId: { kind: 'ref', target: expect.any(Function), onDelete: 'clear', nullable: true, unique: true },
    });
  });

  it('names its indexes', () => {
    expect(modelOf(Thing).indexes).toEqual(
      expect.arrayContaining([
        { fields: ['size', 'name'], unique: true },
        { fields: ['madeAt'], unique: false },
      ]),
    );
    expect(modelOf(Thing).indexes).toHaveLength(2);
  });

  it('knows what it refers to', () => {
    const owner = modelOf(Thing).fields.get('ownerId');

    expect(owner?.kind === 'ref' && owner.target()).toBe(Owner);
  });

  it('shares nothing with its siblings', () => {
    expect([...modelOf(Owner).fields.keys()]).toEqual(['id', 'createdAt', 'updatedAt', 'name']);
    expect(modelOf(Owner).indexes).toEqual([]);
  });

  it('has to be stored under a name', () => {
    expect(() => modelOf(Loose)).toThrow('Loose is not @Stored');
  });
});

describe('foldCase', () => {
  it.each([
    ['SHOP', 'shop'],
    ['ÄÖÜ', 'äöü'],
    ['Κόσμος', 'ΚΌΣΜΟΣ'], // the sigma that ends a word has two shapes
    ['ДОМ', 'дом'],
    ['e\u0301', 'É'], // composed or not
  ])('takes %j and %j for the same', (one, other) => {
    expect(foldCase(one)).toBe(foldCase(other));
  });

  it('finds a part of a word that ends where the word goes on', () => {
    expect(foldCase('ΟΣΑ')).toContain(foldCase('ος'));
  });

  it('keeps what differs in more than the case apart', () => {
    expect(foldCase('a')).not.toBe(foldCase('ä'));
  });
});
