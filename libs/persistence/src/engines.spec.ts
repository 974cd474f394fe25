import type { DatabaseType } from '@app/core';

const PACKAGES = ['better-sqlite3', 'pg', 'mysql2', 'mysql2/promise', 'mongoose', 'typeorm'];

describe('loadEngine', () => {
  let loaded: Set<string>;

  beforeEach(() => {
    loaded = new Set();
    jest.resetModules();
    for (const name of PACKAGES) {
      jest.doMock(name, (): unknown => {
        loaded.add(name.split('/')[0]!);
        return jest.requireActual(name);
      });
    }
  });
  afterEach(() => {
    for (const name of PACKAGES) jest.dontMock(name);
  });

  it.each<[DatabaseType, string[]]>([
    ['sqlite', ['better-sqlite3', 'typeorm']],
    ['postgres', ['pg', 'typeorm']],
    ['mysql', ['mysql2', 'typeorm']],
  ])('loads for %s its own driver, and no other engine', async (type, expected) => {
    const { loadEngine } = await import('./engines');
    expect([...loaded]).toEqual([]);

    await loadEngine(type);

    expect([...loaded].sort()).toEqual(expected);
  });
});
