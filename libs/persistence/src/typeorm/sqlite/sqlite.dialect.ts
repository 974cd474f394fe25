import type { Field } from '@app/core';
import type { Dialect } from '../dialect';

/** https://sqlite.org/rescode.html, extended codes (`SQLITE_BUSY_SNAPSHOT`) included. */
const AWAY = /^SQLITE_(BUSY|LOCKED|FULL|READONLY|IOERR|CANTOPEN)(_|$)/;

/** better-sqlite3 has no code for it. */
function isClosed(error: unknown): boolean {
  return (error as { message?: unknown } | null)?.message === 'The database connection is not open';
}

/** Longer lists travel as one JSON text: SQLite would take more parameters, but compiles every length anew. */
const LONG_LIST = 1000;

/** Text compares by bytes (`BINARY`), instants and flags are integers: SQLite needs no more. */
export const sqliteDialect: Dialect = {
  name: 'sqlite',
  quote: (name) => `"${name}"`,
  parameter: () => '?',
  column(field: Field) {
    if (field.kind === 'text' || field.kind === 'ref') return { type: 'text' };
    return { type: field.kind === 'flag' ? 'boolean' : 'bigint' };
  },
  maxParameters: 32_766, // SQLITE_MAX_VARIABLE_NUMBER
  list(values, bind) {
    if (values.length <= LONG_LIST) return `(${values.map(bind).join(', ')})`;
    return `(SELECT value FROM json_each(${bind(JSON.stringify(values))}))`;
  },
  holds: (left, right) => `instr(${left}, ${right}) > 0`,
  order: (column, direction) => `${column} ${direction}`,
  rest: (offset) => ` LIMIT -1 OFFSET ${offset}`,
  describe: () => null, // better-sqlite3 keeps nothing but a code, and names columns only
  classify(error) {
    const code = (error as { code?: unknown } | null)?.code;
    if (typeof code !== 'string') return isClosed(error) ? 'unavailable' : null;
    if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') return 'conflict';
    if (code === 'SQLITE_CONSTRAINT_FOREIGNKEY') return 'dangling';
    return AWAY.test(code) ? 'unavailable' : null;
  },
};
