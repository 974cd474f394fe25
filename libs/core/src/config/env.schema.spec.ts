import { StartupError } from '../errors';
import { parseDuration } from './duration';
import { loadEnv } from './env.schema';

const SERVER = { DB_HOST: 'db', DB_PORT: '5432', DB_USER: 'uptime', DB_PASS: 's3cret', DB_NAME: 'uptime' };

describe('loadEnv', () => {
  it('takes the defaults when nothing is set, empty variables included', () => {
    const env = loadEnv({ SERVER_PORT: '' });

    expect(env).toMatchObject({ SERVER_PORT: 8034, DB_TYPE: 'sqlite', BRUTEFORCE_WINDOW: 60_000, SWAGGER: true });
    expect(env.CLIENT_URL).toEqual(['http://localhost:3000']);
  });

  it.each([
    [{ DB_TYPE: 'SQLite' }, { DB_TYPE: 'sqlite', DB_PORT: null, DB_NAME: './data/peekaping.db' }],
    [
      { ...SERVER, DB_TYPE: 'PostgreSQL' },
      { DB_TYPE: 'postgres', DB_HOST: 'db', DB_PORT: 5432, DB_TLS: 'off' },
    ],
    [{ ...SERVER, DB_TYPE: 'postgres' }, { DB_TYPE: 'postgres' }],
    [
      { ...SERVER, DB_TYPE: 'MySQL', DB_TLS: 'ON' },
      { DB_TYPE: 'mysql', DB_TLS: 'on' },
    ],
    [{ ...SERVER, DB_TYPE: 'MongoDB' }, { DB_TYPE: 'mongo' }],
    [
      { DB_TYPE: 'mongo', DB_HOST: 'db', DB_PORT: '27017', DB_NAME: 'uptime' },
      { DB_TYPE: 'mongo', DB_USER: '' },
    ],
    [{ LOG_LEVEL: 'WARN' }, { LOG_LEVEL: 'warn' }],
    [{ CLIENT_URL: 'https://A.example/, http://b:8080' }, { CLIENT_URL: ['https://a.example', 'http://b:8080'] }],
    [{ BRUTEFORCE_LOCKOUT: '1h30m' }, { BRUTEFORCE_LOCKOUT: 5_400_000 }],
  ])('reads %j', (source, expected) => {
    expect(loadEnv(source)).toMatchObject(expected);
  });

  it.each([
    ['SERVER_PORT', '0'],
    ['SERVER_PORT', '70000'],
    ['SERVER_PORT', 'abc'],
    ['QUEUE_CONCURRENCY', '1.5'],
    ['QUEUE_CONCURRENCY', '0'],
    ['BRUTEFORCE_WINDOW', '60'],
    ['BRUTEFORCE_WINDOW', '0s'],
    ['BRUTEFORCE_LOCKOUT', '1d'],
    ['CLIENT_URL', 'nope'],
    ['CLIENT_URL', 'ftp://x'],
    ['DB_TYPE', 'oracle'],
    ['DB_PORT', 'x'],
    ['DB_PORT', '0'],
    ['DB_TLS', 'maybe'],
    ['DB_POOL_SIZE', '1'],
    ['MODE', 'production'],
    ['TZ', 'Mars/Olympus'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => loadEnv({ [name]: value })).toThrow(new RegExp(`^Invalid configuration: ${name} must be`));
  });

  it.each([
    ['postgres', ['DB_HOST', 'DB_PORT', 'DB_USER', 'DB_PASS', 'DB_NAME']],
    ['mysql', ['DB_HOST', 'DB_PORT', 'DB_USER', 'DB_PASS', 'DB_NAME']],
    ['mongo', ['DB_HOST', 'DB_PORT', 'DB_NAME']],
  ])('says what %s cannot do without', (type, names) => {
    const missing = names.map((name) => `${name} is required for ${type}`).join('; ');

    expect(() => loadEnv({ DB_TYPE: type })).toThrow(`Invalid configuration: ${missing}`);
  });

  it('names every bad variable at once', () => {
    expect(() => loadEnv({ SERVER_PORT: 'x', TZ: 'x' })).toThrow(StartupError);
    expect(() => loadEnv({ SERVER_PORT: 'x', TZ: 'x' })).toThrow(/SERVER_PORT .*; TZ /);
  });
});

describe('parseDuration', () => {
  it.each([
    ['1m', 60_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['-1s', -1000],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(['', '60', '1d', 'm', '1m 2s', '1h-30m'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});
