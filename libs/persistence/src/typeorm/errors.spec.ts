import { AppError } from '@app/core';
import { QueryFailedError } from 'typeorm';
import { translate } from './errors';
import { sqliteDialect } from './sqlite/sqlite.dialect';

const sqlite = (code: string) => Object.assign(new Error(`driver says ${code}`), { code });

describe('translate', () => {
  it.each([
    ['SQLITE_CONSTRAINT_UNIQUE', 'conflict', 'a unique value is taken'],
    ['SQLITE_CONSTRAINT_PRIMARYKEY', 'conflict', 'a unique value is taken'],
    ['SQLITE_CONSTRAINT_FOREIGNKEY', 'invalid', 'a referenced record does not exist'],
    ['SQLITE_BUSY', 'unavailable', 'The database is not available'],
    ['SQLITE_BUSY_SNAPSHOT', 'unavailable', 'The database is not available'],
    ['SQLITE_LOCKED', 'unavailable', 'The database is not available'],
    ['SQLITE_FULL', 'unavailable', 'The database is not available'],
    ['SQLITE_READONLY_DBMOVED', 'unavailable', 'The database is not available'],
    ['SQLITE_IOERR_WRITE', 'unavailable', 'The database is not available'],
    ['SQLITE_CANTOPEN_ISDIR', 'unavailable', 'The database is not available'],
  ])('makes of %s an error that is %s', (code, meaning, message) => {
    expect(translate(sqliteDialect, sqlite(code))).toMatchObject({ code: meaning, message });
  });

  it.each(['SQLITE_CONSTRAINT_NOTNULL', 'SQLITE_ERROR', 'SQLITE_CORRUPT', 'SQLITE_MISUSE', 'EACCES'])(
    'leaves %s as it is: a fault of ours, or worse',
    (code) => {
      const error = sqlite(code);

      expect(translate(sqliteDialect, error)).toBe(error);
    },
  );

  it.each([[new AppError('conflict', 'x')], [new Error('x')], ['x'], [null], [undefined]])('passes %s on', (error) => {
    expect(translate(sqliteDialect, error)).toBe(error);
  });

  it.each(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_ERROR'])('never passes parameters on: %s', (code) => {
    const failed = new QueryFailedError('INSERT INTO t VALUES (?)', ['secret'], sqlite(code));

    const translated = translate(sqliteDialect, failed) as Error;

    expect(translated).not.toBeInstanceOf(QueryFailedError);
    expect(JSON.stringify([translated, { ...translated }, translated.cause])).not.toContain('secret');
    expect(`${translated.message} ${String(translated.cause)}`).toContain(`driver says ${code}`);
  });
});
