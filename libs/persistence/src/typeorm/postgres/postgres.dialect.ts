import type { Field } from '@app/core';
import type { Column, Dialect, Meaning } from '../dialect';
import { isNetworkError } from '../network-errors';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const MEANINGS: Record<string, Meaning> = {
  '23505': 'conflict', // unique_violation
  '23503': 'dangling', // foreign_key_violation
  '22001': 'unfit', // string_data_right_truncation
  '22003': 'unfit', // numeric_value_out_of_range
  '22021': 'unfit', // character_not_in_repertoire
  '25006': 'unavailable', // read_only_sql_transaction: this server has become a standby
  '28000': 'unavailable', // invalid_authorization_specification
  '28P01': 'unavailable', // invalid_password
  '3D000': 'unavailable', // invalid_catalog_name
  '40001': 'unavailable', // serialization_failure, after all retries
  '40P01': 'unavailable', // deadlock_detected, after all retries
  '55P03': 'unavailable', // lock_not_available
  '57014': 'unavailable', // query_canceled
  '57P01': 'unavailable', // admin_shutdown
  '57P02': 'unavailable', // crash_shutdown
  '57P03': 'unavailable', // cannot_connect_now
  '57P05': 'unavailable', // idle_session_timeout
  '58030': 'unavailable', // io_error
};
/** Classes: connection exception, insufficient resources (connections, memory, disk). */
const AWAY = /^(08|53)/;

/** node-postgres and its pool have no codes for these. */
const DRIVER_MESSAGES = [
  /^Connection terminated/,
  /^timeout exceeded when trying to connect$/,
  /^Client has encountered a connection error/,
  /^Client was closed and is not queryable$/,
  /^Cannot use a pool after calling end on the pool$/,
  /^Query read timeout$/,
];

const LONG_LIST = 1000;

export const postgresDialect: Dialect = {
  name: 'postgres',
  quote: (name) => `"${name}"`,
  parameter: (n) => `$${n}`,
  column(field: Field): Column {
    switch (field.kind) {
      case 'ref':
        return { type: 'varchar', length: 36, collation: 'C' };
      case 'text':
        return field.max === 0
          ? { type: 'text', collation: 'C' }
          : { type: 'varchar', length: field.max, collation: 'C' };
      case 'flag':
        return { type: 'smallint' };
      case 'int':
      case 'instant':
        return { type: 'bigint' };
    }
  },
  maxParameters: 65_535,
  list(values, bind) {
    if (values.length <= LONG_LIST) return `(${values.map(bind).join(', ')})`;
    const type = typeof values[0] === 'number' ? 'bigint' : 'text';
    return `(SELECT unnest(${bind(values)}::${type}[]))`;
  },
  holds: (left, right) => `strpos(${left}, ${right}) > 0`,
  order(column, direction, nullable) {
    if (!nullable) return `${column} ${direction}`;
    return `${column} ${direction} NULLS ${direction === 'asc' ? 'FIRST' : 'LAST'}`;
  },
  rest: (offset) => ` OFFSET ${offset}`,
  describe(error) {
    const { severity, code, message } = (error ?? {}) as Record<string, unknown>;
    if (typeof severity !== 'string' || typeof code !== 'string') return null;
    // Class 22 quotes what was sent. `detail` shows whole rows: it is left out always.
    return code.startsWith('22') ? `PostgreSQL error ${code}` : `${String(message)} (${code})`;
  },
  classify(error) {
    if (isNetworkError(error)) return 'unavailable';
    const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
    if (typeof code === 'string') return MEANINGS[code] ?? (AWAY.test(code) ? 'unavailable' : null);
    return DRIVER_MESSAGES.some((pattern) => pattern.test(String(message))) ? 'unavailable' : null;
  },
};

/** Nobody's fault: the same transaction may succeed next time. */
export function isPostgresClash(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === '40001' || code === '40P01';
}
