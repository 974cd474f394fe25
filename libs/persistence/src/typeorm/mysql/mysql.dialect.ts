import type { Field } from '@app/core';
import type { Column, Dialect, Meaning } from '../dialect';
import { isNetworkError } from '../network-errors';

/** https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html; MariaDB shares these numbers. */
const MEANINGS: Record<number, Meaning> = {
  1062: 'conflict', // ER_DUP_ENTRY
  1452: 'dangling', // ER_NO_REFERENCED_ROW_2
  1216: 'dangling', // ER_NO_REFERENCED_ROW
  1264: 'unfit', // ER_WARN_DATA_OUT_OF_RANGE
  1366: 'unfit', // ER_TRUNCATED_WRONG_VALUE_FOR_FIELD
  1406: 'unfit', // ER_DATA_TOO_LONG
  1021: 'unavailable', // ER_DISK_FULL
  1037: 'unavailable', // ER_OUTOFMEMORY
  1040: 'unavailable', // ER_CON_COUNT_ERROR
  1041: 'unavailable', // ER_OUT_OF_RESOURCES
  1044: 'unavailable', // ER_DBACCESS_DENIED_ERROR
  1045: 'unavailable', // ER_ACCESS_DENIED_ERROR
  1049: 'unavailable', // ER_BAD_DB_ERROR
  1053: 'unavailable', // ER_SERVER_SHUTDOWN
  1114: 'unavailable', // ER_RECORD_FILE_FULL
  1158: 'unavailable', // ER_NET_READ_ERROR
  1159: 'unavailable', // ER_NET_READ_INTERRUPTED
  1160: 'unavailable', // ER_NET_ERROR_ON_WRITE
  1161: 'unavailable', // ER_NET_WRITE_INTERRUPTED
  1203: 'unavailable', // ER_TOO_MANY_USER_CONNECTIONS
  1205: 'unavailable', // ER_LOCK_WAIT_TIMEOUT, after all retries
  1213: 'unavailable', // ER_LOCK_DEADLOCK, after all retries
  1226: 'unavailable', // ER_USER_LIMIT_REACHED
  1290: 'unavailable', // ER_OPTION_PREVENTS_STATEMENT: read only
  1317: 'unavailable', // ER_QUERY_INTERRUPTED
  1836: 'unavailable', // ER_READ_ONLY_MODE
  1927: 'unavailable', // ER_CONNECTION_KILLED (MariaDB)
  4031: 'unavailable', // ER_CLIENT_INTERACTION_TIMEOUT
};
/** What mysql2 itself says when a connection is lost. */
const AWAY = new Set(['PROTOCOL_CONNECTION_LOST', 'PROTOCOL_SEQUENCE_TIMEOUT']);
/** mysql2 has no codes for these. */
const DRIVER_MESSAGES = [/^Pool is closed\.?$/, /^Can't add new command when connection is in closed state$/];

/**
 * `collation` compares by bytes and does not take blanks at the end for nothing (MySQL and MariaDB have no name in
 * common for that). Every column names it: the default of the database does not matter.
 */
function dialect(collation: string): Dialect {
  const text = { charset: 'utf8mb4', collation };
  return {
    name: 'mysql',
    quote: (name) => `\`${name}\``,
    parameter: () => '?',
    column(field: Field): Column {
      switch (field.kind) {
        case 'ref':
          return { type: 'varchar', length: 36, ...text };
        case 'text':
          return field.max === 0 ? { type: 'mediumtext', ...text } : { type: 'varchar', length: field.max, ...text };
        case 'flag':
          return { type: 'tinyint' };
        case 'int':
        case 'instant':
          return { type: 'bigint' };
      }
    },
    maxParameters: 65_535,
    list: (values, bind) => `(${values.map(bind).join(', ')})`,
    holds: (left, right) => `LOCATE(${right}, ${left}) > 0`,
    order: (column, direction) => `${column} ${direction}`,
    rest: (offset) => ` LIMIT 18446744073709551615 OFFSET ${offset}`,
    describe(error) {
      const { errno, code, sqlState } = (error ?? {}) as Record<string, unknown>;
      // Its messages quote values and pieces of statements.
      return typeof sqlState === 'string' ? `${String(code)} (${String(errno)})` : null;
    },
    classify(error) {
      if (isNetworkError(error)) return 'unavailable';
      const { errno, code, message } = (error ?? {}) as { errno?: number; code?: unknown; message?: unknown };
      if (AWAY.has(String(code))) return 'unavailable';
      if (typeof errno === 'number') return MEANINGS[errno] ?? null;
      return DRIVER_MESSAGES.some((pattern) => pattern.test(String(message))) ? 'unavailable' : null;
    },
  };
}

export const mysqlDialect = dialect('utf8mb4_0900_bin');
export const mariadbDialect = dialect('utf8mb4_nopad_bin');

/** Nobody's fault: the same transaction may succeed next time. */
export function isMysqlClash(error: unknown): boolean {
  const errno = (error as { errno?: unknown } | null)?.errno;
  return errno === 1213 || errno === 1205;
}
