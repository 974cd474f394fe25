import { z } from 'zod';
import { parseDuration } from './duration';
import { StartupError } from '../errors';

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^[+-]?\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

const port = integer(1, 65535);

/** Null when it is not set. */
const optionalPort = z.string().transform((text, context) => {
  if (text === '') return null;
  const result = port.safeParse(text);
  if (result.success) return result.data;
  context.addIssue({ code: 'custom', message: result.error.issues.map((issue) => issue.message).join(', ') });
  return z.NEVER;
});

const duration = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (milliseconds !== null && milliseconds > 0) return milliseconds;
  context.addIssue({ code: 'custom', message: 'must be a positive duration such as 90s, 1m or 1h30m' });
  return z.NEVER;
});

const flag = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false', '1', '0'], 'must be true or false'))
  .transform((text) => text === 'true' || text === '1');

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z
    .string()
    .toLowerCase()
    .pipe(z.enum(values, `must be one of ${values.join(', ')}`));

const origins = z.string().transform((text, context) => {
  const list = text.split(',').map((item) => item.trim().replace(/\/+$/, ''));
  for (const item of list) {
    const url = URL.canParse(item) ? new URL(item) : null;
    if (url && /^https?:$/.test(url.protocol) && url.origin === item.toLowerCase()) continue;
    context.addIssue({
      code: 'custom',
      message: `must be a comma-separated list of origins such as https://status.example.org; "${item}" is none`,
    });
    return z.NEVER;
  }
  return list.map((item) => item.toLowerCase());
});

const timeZone = z.string().refine((zone) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}, 'must be an IANA time zone such as Europe/Berlin');

const ENGINE_NAMES = {
  sqlite: 'sqlite',
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mysql',
  mongo: 'mongo',
  mongodb: 'mongo',
} as const;

/** The storage engines; one adapter each in `libs/persistence`. */
export type DatabaseType = (typeof ENGINE_NAMES)[keyof typeof ENGINE_NAMES];

const databaseType = oneOf(['sqlite', 'postgres', 'postgresql', 'mysql', 'mongo', 'mongodb']).transform(
  (name): DatabaseType => ENGINE_NAMES[name],
);

/** What a storage engine cannot do without, as far as it has no default. */
const REQUIRED: Record<DatabaseType, readonly (keyof typeof ENV)[]> = {
  sqlite: [],
  postgres: ['DB_HOST', 'DB_PORT', 'DB_USER', 'DB_PASS', 'DB_NAME'],
  mysql: ['DB_HOST', 'DB_PORT', 'DB_USER', 'DB_PASS', 'DB_NAME'],
  mongo: ['DB_HOST', 'DB_PORT', 'DB_NAME'],
};

/** `host:port, host:port`; an IPv6 address in brackets. */
const addresses = z.string().transform((text, context) => {
  const list = text.split(',').flatMap((item) => item.trim() || []);
  const bad = list.find((item) => !/^(\[[0-9a-f:.]+\]|[^:\s]+):\d{1,5}$/i.test(item));
  if (bad === undefined) return list;
  context.addIssue({ code: 'custom', message: `must be a comma-separated list of host:port; "${bad}" is none` });
  return z.NEVER;
});

const LOG_LEVELS = ['debug', 'info', 'warn', 'warning', 'error', 'dpanic', 'panic', 'fatal'] as const;

/** Every variable, once: `.env.example` and `docs/configuration.md` are made from this. */
export const ENV = {
  SERVER_PORT: variable(port, '8034', 'TCP port of the REST API and the sockets, 1 to 65535'),
  SERVER_HOST: variable(z.string(), '0.0.0.0', 'Address to listen on; :: for IPv6 as well'),
  CLIENT_URL: variable(
    origins,
    'http://localhost:3000',
    'Origins of the web client, comma-separated: allowed by CORS and on the sockets; the first one is linked in notifications',
  ),
  TRUST_PROXY: variable(
    z.string(),
    'false',
    'Whose X-Forwarded-For counts: false, true (any peer), a number of proxies, or a comma-separated list of addresses and CIDR ranges',
  ),
  DB_TYPE: variable(
    databaseType,
    'sqlite',
    'Storage engine: sqlite, postgres (or postgresql), mysql (also MariaDB), mongo (or mongodb), in any letter case',
  ),
  DB_NAME: variable(
    z.string(),
    './data/peekaping.db',
    'Path of the SQLite file, whose folder is created; name of the database on every other engine, which has to be there',
  ),
  DB_HOST: variable(z.string(), '', 'Name or address of the database server; not for SQLite'),
  DB_PORT: variable(optionalPort, '', 'Its TCP port, such as 5432 (PostgreSQL), 3306 (MySQL) or 27017 (MongoDB)'),
  DB_USER: variable(z.string(), '', 'User of the database server; may be left out with DB_PASS on MongoDB only'),
  DB_PASS: variable(z.string(), '', 'Its password'),
  DB_TLS: variable(
    oneOf(['off', 'on', 'unverified']),
    'off',
    'on encrypts the connection to the database server and verifies its certificate; unverified encrypts only',
  ),
  DB_TLS_CA: variable(z.string(), '', 'PEM file of the authorities that DB_TLS=on trusts; empty: those of Node.js'),
  DB_POOL_SIZE: variable(integer(2, 1000), '10', 'Connections to the database server per process, 2 to 1000'),
  DB_MIGRATE: variable(
    oneOf(['auto', 'check']),
    'auto',
    'auto migrates the schema at start; check refuses to start on an older one',
  ),
  REDIS_HOST: variable(
    z.string(),
    'redis',
    'Name or address of Redis (6.2 or later), which the services talk through; standalone uses none',
  ),
  REDIS_PORT: variable(port, '6379', 'Its TCP port, 1 to 65535'),
  REDIS_USERNAME: variable(z.string(), '', 'ACL user of Redis; empty: the default user'),
  REDIS_PASSWORD: variable(z.string(), '', 'Password of Redis'),
  REDIS_DB: variable(integer(0, 15), '0', 'Number of the database in Redis, 0 to 15; 0 with REDIS_CLUSTER_NODES'),
  REDIS_TLS: variable(
    oneOf(['off', 'on', 'unverified']),
    'off',
    'on encrypts the connection to Redis and verifies its certificate; unverified encrypts only',
  ),
  REDIS_TLS_CA: variable(
    z.string(),
    '',
    'PEM file of the authorities that REDIS_TLS=on trusts; empty: those of Node.js',
  ),
  REDIS_KEY_PREFIX: variable(
    z.string().regex(/^[\w.-]+$/, 'must be made of letters, digits, dots, hyphens and underscores'),
    'peekaping',
    'In front of every key, so that several installations share one Redis',
  ),
  REDIS_SENTINELS: variable(
    addresses,
    '',
    'host:port of the Sentinels, comma-separated; then REDIS_HOST does not count',
  ),
  REDIS_SENTINEL_NAME: variable(z.string(), 'mymaster', 'Name by which the Sentinels know the master'),
  REDIS_CLUSTER_NODES: variable(
    addresses,
    '',
    'host:port of some nodes of a Redis Cluster, comma-separated; then REDIS_HOST does not count',
  ),
  QUEUE_SECRET: variable(
    z.string().refine((text) => text === '' || text.length >= 16, 'must have at least 16 characters'),
    '',
    'Encrypts what travels through Redis and holds passwords of targets; at least 16 random characters, the same for all services',
  ),
  QUEUE_RESULT_SHARDS: variable(
    integer(1, 64),
    '2',
    'Parts of the monitors whose results are stored side by side, 1 to 64; the same for all services',
  ),
  MODE: variable(oneOf(['dev', 'prod', 'test']), 'dev', 'dev, prod or test; only shown in the logs'),
  LOG_LEVEL: variable(oneOf(LOG_LEVELS), 'info', `One of ${LOG_LEVELS.join(', ')}; debug logs a line per request`),
  TZ: variable(timeZone, 'UTC', 'Time zone of the process'),
  QUEUE_CONCURRENCY: variable(integer(1, 10_000), '128', 'Checks in flight at once, 1 to 10000'),
  PRODUCER_CONCURRENCY: variable(
    integer(1, 128),
    '10',
    'Due monitors are claimed in groups of ten times this number, 1 to 128',
  ),
  BRUTEFORCE_MAX_ATTEMPTS: variable(
    integer(1, 1_000_000),
    '20',
    'Failed logins per account and address, and ten times as many per address, before a lock',
  ),
  BRUTEFORCE_WINDOW: variable(
    duration,
    '1m',
    'Time in which failed logins are counted together, as a duration (ns us ms s m h)',
  ),
  BRUTEFORCE_LOCKOUT: variable(duration, '1m', 'How long a lock lasts, as a duration'),
  THROTTLE_LIMIT: variable(
    integer(0, 1_000_000_000),
    '12000',
    'Requests that one user or API key, or one address without either, may send in a window; 0 = no limit. Health and push have none',
  ),
  THROTTLE_AUTH_LIMIT: variable(
    integer(0, 1_000_000_000),
    '300',
    'The same for /api/v1/auth: signing in, registering, refreshing, passwords and 2FA',
  ),
  AUDIT_RETENTION_DAYS: variable(
    integer(0, 36_500),
    '365',
    'How long it is kept who changed what, days; 0 = it is not written down',
  ),
  THROTTLE_WINDOW: variable(duration, '1m', 'Time in which requests are counted together, as a duration'),
  TARGET_POLICY: variable(
    z.string(),
    '',
    'Which addresses checks and notifications may reach; empty: all but link-local and cloud metadata. See docs/configuration.md',
  ),
  API_VERSION: variable(
    z.string(),
    '0.0.46',
    'Version that GET /api/v1/version answers; the web client compares it with its own',
  ),
  SERVICE_NAME: variable(z.string(), 'peekaping:standalone', 'Name in the log lines'),
  LOG_PRETTY: variable(
    z
      .string()
      .toLowerCase()
      .pipe(z.enum(['auto', 'true', 'false'], 'must be auto, true or false')),
    'auto',
    'Readable log lines instead of JSON; auto: when the output is a terminal',
  ),
  SWAGGER: variable(flag, 'true', 'Serves the API document and its page at /swagger/index.html'),
};

interface Variable<S extends z.ZodType> {
  schema: S;
  /** As it would be written in the environment. */
  fallback: string;
  doc: string;
}

function variable<S extends z.ZodType>(schema: S, fallback: string, doc: string): Variable<S> {
  return { schema, fallback, doc };
}

export type VariableName = keyof typeof ENV;

export type Env = Readonly<{ [K in keyof typeof ENV]: z.output<(typeof ENV)[K]['schema']> }>;

/**
 * Reads the variables; an empty one counts as not set.
 * @throws StartupError naming every bad variable, so that one restart mends them all.
 */
export function loadEnv(source: Record<string, string | undefined>): Env {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, { schema, fallback }] of Object.entries(ENV)) {
    const result = (schema as z.ZodType).safeParse(source[name] || fallback);
    if (result.success) values[name] = result.data;
    else problems.push(`${name} ${result.error.issues.map((issue) => issue.message).join(', ')}`);
  }
  const type = values.DB_TYPE as DatabaseType | undefined;
  for (const name of type ? REQUIRED[type] : []) {
    if (!source[name]) problems.push(`${name} is required for ${type}`);
  }
  if (problems.length > 0) throw new StartupError(`Invalid configuration: ${problems.join('; ')}`);
  return Object.freeze(values) as Env;
}
