import type { Field } from '@app/core';
import type { Dialect } from '../dialect';

/** Text compares by bytes (`BINARY`), instants and flags are integers: SQLite needs no more. */
export const sqliteDialect: Dialect = {
  quote: (name) => `"${name}"`,
  parameter: () => '?',
  column(field: Field) {
    if (field.kind === 'text' || field.kind === 'ref') return { type: 'text' };
    return { type: field.kind === 'flag' ? 'boolean' : 'bigint' };
  },
  holds: (left, right) => `instr(${left}, ${right}) > 0`,
  classify(error) {
    const code = (error as { code?: unknown } | null)?.code;
    switch (code) {
      case 'SQLITE_CONSTRAINT_UNIQUE':
      case 'SQLITE_CONSTRAINT_PRIMARYKEY':
        return 'conflict';
      case 'SQLITE_CONSTRAINT_FOREIGNKEY':
        return 'invalid';
      case 'SQLITE_BUSY':
      case 'SQLITE_FULL':
      case 'SQLITE_READONLY':
      case 'SQLITE_IOERR':
      case 'SQLITE_CANTOPEN':
        return 'unavailable';
      default:
        return typeof code === 'string' && code.startsWith('SQLITE_IOERR') ? 'unavailable' : null;
    }
  },
};
